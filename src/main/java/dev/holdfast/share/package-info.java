/**
 * Many clients of the Model Context Protocol, one server.
 *
 * <p>Start at {@link dev.holdfast.share.Multiplexer}, the outer side. Behind it {@link dev.holdfast.share.Routes} finds out
 * whose each message is, {@link dev.holdfast.share.Handshake} agrees with the server for all clients, and
 * {@link dev.holdfast.share.ToServer} says whose turn it is. Messages are never written anew: what tells whose they
 * are is found and replaced, and all else stays as its sender wrote it. What cannot be attributed to one client is refused,
 * or goes to nobody, and is never guessed.
 */
@NullMarked
package dev.holdfast.share;

import org.jspecify.annotations.NullMarked;
