package dev.holdfast.share;

import java.util.function.Consumer;

/** Asks the server in the host's own name, as {@link OwnRequests} does. */
@FunctionalInterface
interface Asking {
    /**
     * Asks, and does not wait.
     *
     * @param params JSON, one character for each byte
     * @param then gets the answer, under whatever id; an error of the host's own when the server ends before
     */
    void send(String method, String params, Consumer<byte[]> then);
}
