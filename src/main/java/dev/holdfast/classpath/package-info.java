/**
 * The door to what most starts do not need.
 *
 * <p>bin/holdfast starts the JVM with our jar, jffi and jspecify; all else lies in {@code lib/more}. Start at {@link
 * dev.holdfast.classpath.SecondClassPath}.
 */
@NullMarked
package dev.holdfast.classpath;

import org.jspecify.annotations.NullMarked;
