/**
 * The configuration file, read by Jackson. On the second class path, see {@link
 * dev.holdfast.classpath.SecondClassPath}.
 */
@NullMarked
package dev.holdfast.config.toml;

import org.jspecify.annotations.NullMarked;
