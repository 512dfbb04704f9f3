/**
 * The advisory lock, which many programs take in turns, and what a lock of any kind may fail with. The lock file of an
 * instance, which has one holder whatever dies when, is in {@code dev.holdfast.lock.file}.
 *
 * <p>Start at {@link dev.holdfast.lock.AdvisoryLock}; a {@link dev.holdfast.lock.Hold} is the lock while it is held. It
 * is flock(2) and writes nothing. {@link dev.holdfast.lock.DataLock} is it for the data of instances side by side.
 *
 * <p>On a crash: the lock goes with the last process that has the descriptor. After a reboot nothing is held. On NFS
 * locks may not exclude anybody; in containers those exclude each other that share the file.
 */
@NullMarked
package dev.holdfast.lock;

import org.jspecify.annotations.NullMarked;
