/**
 * Many clients of the Model Context Protocol, one server.
 *
 * <p>Start at {@link dev.holdfast.share.Routes}: whose each message is. Messages are never written anew: what tells whose they
 * are is found and replaced, and all else stays as its sender wrote it. What cannot be attributed to one client is refused,
 * or goes to nobody, and is never guessed.
 */
@NullMarked
package dev.holdfast.share;

import org.jspecify.annotations.NullMarked;
