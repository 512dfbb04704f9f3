/**
 * Unix sockets, of which the kernel tells who is at the other end; listening sockets of TCP; and the tables of all that
 * listen.
 *
 * <p>Start at {@link dev.holdfast.posix.sockets.UnixListener} and {@link dev.holdfast.posix.sockets.NotifySocket}.
 */
@NullMarked
package dev.holdfast.posix.sockets;

import org.jspecify.annotations.NullMarked;
