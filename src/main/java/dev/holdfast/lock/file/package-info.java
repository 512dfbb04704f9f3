/**
 * The lock file: one holder for one path, whatever dies when.
 *
 * <p>Start at {@link dev.holdfast.lock.file.LockFile}, whose {@link dev.holdfast.lock.file.LockFile#tryAcquire} gives a
 * {@link dev.holdfast.lock.file.HeldLock} or tells that somebody else has it, and at
 * {@link dev.holdfast.lock.file.HolderSearch}, which proves who.
 *
 * <p>The words: the <em>holder</em> is the process, or the processes, whose open file description carries the kernel's
 * locks; the <em>record</em> is the JSON in the file, a description that is never trusted by itself; a record is
 * <em>stale</em> when no lock is held; the <em>interlock</em> is an abstract socket that excludes a second holder even
 * when somebody removes or replaces the file.
 *
 * <p>On a crash: the locks go with the last process that has the descriptor, so a server that outlives its launcher
 * still holds them. The file may stay; the next holder overwrites it. After a reboot nothing is held. On NFS the locks
 * may not exclude anybody; in containers only those that share the folder exclude each other.
 */
@NullMarked
package dev.holdfast.lock.file;

import org.jspecify.annotations.NullMarked;
