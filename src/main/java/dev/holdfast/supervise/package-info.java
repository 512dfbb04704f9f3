/**
 * The life of the server: watched, known to be ready or not, stopped within bounds, reaped with its whole tree, and
 * started again where that is wanted.
 *
 * <p>Start at {@link dev.holdfast.supervise.Supervisor}: one thread, one loop over poll(2), no sleeping, no shared
 * state. What the loop waits for are {@link dev.holdfast.supervise.EventSource}s in a list; what happens are
 * {@link dev.holdfast.supervise.InstanceEvent}s, of which {@link dev.holdfast.supervise.InstanceListener}s hear. From start
 * to end of one server is a {@link dev.holdfast.supervise.ServerLife}, whose states stand in
 * {@link dev.holdfast.supervise.ServerState}; from server to server it is an {@link dev.holdfast.supervise.InstanceLife}, whose
 * states stand in {@link dev.holdfast.supervise.SupervisorState}, with the back-off of
 * {@link dev.holdfast.supervise.Restarts}. What a server tells of itself comes through
 * {@link dev.holdfast.supervise.Readiness} and {@link dev.holdfast.supervise.Watchdog}.
 *
 * <p>The words: a <em>stop request</em> is a signal, the client's hang-up or its death; the <em>grace</em> is the time
 * from the stop signal to SIGKILL; the <em>tree</em> is the server and its descendants.
 *
 * <p>On a crash of the launcher the kernel sends the server the death signal; as long as it lives, it holds the lock,
 * which it inherited.
 */
@NullMarked
package dev.holdfast.supervise;

import org.jspecify.annotations.NullMarked;
