/**
 * The inner life of a server that guards itself by the library: the launcher's way to the lock, without a launcher.
 *
 * <p>Start at {@link dev.holdfast.embed.EmbeddedStart}. When the JVM dies, the kernel frees the lock, and the next start
 * overwrites the record.
 */
@NullMarked
package dev.holdfast.embed;

import org.jspecify.annotations.NullMarked;
