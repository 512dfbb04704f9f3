/**
 * {@code holdfast lock}: a command that runs under an advisory lock, a text that tells who holds such a lock, and the probe
 * that tries whether a file system is fit for locks.
 *
 * <p>Start at {@link dev.holdfast.advisory.LockedCommand}. When this process is killed, the kernel frees the lock and
 * sends the command a TERM.
 */
@NullMarked
package dev.holdfast.advisory;

import org.jspecify.annotations.NullMarked;
