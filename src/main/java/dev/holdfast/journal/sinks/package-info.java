/**
 * Log files by log4j, and JSON lines by Jackson. On the second class path, see {@link
 * dev.holdfast.classpath.SecondClassPath}.
 */
@NullMarked
package dev.holdfast.journal.sinks;

import org.jspecify.annotations.NullMarked;
