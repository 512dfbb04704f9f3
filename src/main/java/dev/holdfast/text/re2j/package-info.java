/** Regular expressions by RE2. On the second class path, see {@link dev.holdfast.classpath.SecondClassPath}. */
@NullMarked
package dev.holdfast.text.re2j;

import org.jspecify.annotations.NullMarked;
