/**
 * The life of the server: spawned, watched, stopped within bounds, reaped with its whole tree.
 *
 * <p>Start at {@link dev.holdfast.supervise.Supervisor}: one thread, one loop over poll(2), no sleeping, no shared
 * state. The states and what may follow which stand in {@link dev.holdfast.supervise.ServerState}.
 *
 * <p>The words: a <em>stop request</em> is a signal, the client's hang-up or its death; the <em>grace</em> is the time
 * from the stop signal to SIGKILL; the <em>tree</em> is the server and all that descends from it.
 *
 * <p>On a crash of the launcher the server lives on and holds the lock, which it inherited.
 */
@NullMarked
package dev.holdfast.supervise;

import org.jspecify.annotations.NullMarked;
