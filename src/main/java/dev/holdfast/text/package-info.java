/**
 * Text for people and out of files: durations, times and the version printed and parsed, foreign text made printable.
 *
 * <p>A leaf, used by all rooms. On the way to the server's start little of it is loaded: all is by hand, since the JDK's
 * own formatters load hundreds of classes.
 */
@NullMarked
package dev.holdfast.text;

import org.jspecify.annotations.NullMarked;
