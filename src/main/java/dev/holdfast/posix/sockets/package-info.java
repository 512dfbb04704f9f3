/**
 * Unix sockets, whose kernel says who speaks, and the tables of listening ones.
 *
 * <p>Start at {@link dev.holdfast.posix.sockets.UnixListener} and {@link dev.holdfast.posix.sockets.NotifySocket}.
 */
@NullMarked
package dev.holdfast.posix.sockets;

import org.jspecify.annotations.NullMarked;
