/**
 * {@code holdfast lock}: a command run under an advisory lock, who holds such a lock in the words of a message, and the
 * trial of whether a file system is fit for locks.
 *
 * <p>Start at {@link dev.holdfast.advisory.LockedCommand}. When this process is killed, the kernel frees the lock and
 * sends the command a TERM.
 */
@NullMarked
package dev.holdfast.advisory;

import org.jspecify.annotations.NullMarked;
