/**
 * The launcher's story: acquire, run, stop, release; what to do when another instance holds the lock; and what a running
 * launcher does for those who ask it.
 *
 * <p>Start at {@link dev.holdfast.guard.Guard}. Conflicts are resolved in {@link dev.holdfast.guard.Acquisition}, a
 * holder is ended in {@link dev.holdfast.instance.HolderTermination}. What runs is put together in {@link
 * dev.holdfast.guard.SupervisorWiring}, and {@link dev.holdfast.guard.ControlHandler} answers by the control socket.
 *
 * <p>On a crash of the launcher: the kernel sends the server the death signal. As long as anything of the server lives,
 * it holds the lock, and the next start names it as an orphan.
 */
@NullMarked
package dev.holdfast.guard;

import org.jspecify.annotations.NullMarked;
