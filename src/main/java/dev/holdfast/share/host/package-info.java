/**
 * The host of a shared server: its pipes, and a connection for each client.
 *
 * <p>Start at {@link dev.holdfast.share.host.Host}, which moves bytes between them; whose each message is, the {@link
 * dev.holdfast.share.Multiplexer} knows. All of it lives in the launcher's loop. Nobody is waited for: a client that does not
 * read, and a server that does not, cost what is bounded, and nobody else.
 */
@NullMarked
package dev.holdfast.share.host;

import org.jspecify.annotations.NullMarked;
