/** JSON of any shape, by Jackson. On the second class path, see {@link dev.holdfast.classpath.SecondClassPath}. */
@NullMarked
package dev.holdfast.json.jackson;

import org.jspecify.annotations.NullMarked;
