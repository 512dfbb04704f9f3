/**
 * Sessions: the servers of one terminal, or of one client, with folders of their own.
 *
 * <p>Start at {@link dev.holdfast.session.SessionChoice}, which tells the session that a process belongs to, and at {@link
 * dev.holdfast.session.SessionsFolder}, where all sessions are kept: {@code pids/ID}, {@code configs/ID} and {@code logs/ID}.
 * A session lives as long as its leader, a process that is known by more than its pid. A crash leaves folders, and servers
 * that run on: the next cleanup knows by the leader that they are nobody's any more.
 */
@NullMarked
package dev.holdfast.session;

import org.jspecify.annotations.NullMarked;
