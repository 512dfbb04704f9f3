package dev.holdfast.share.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Optional;

/** What is served at one path. Called by many threads. */
@FunctionalInterface
interface Handler {
    /**
     * Serves a request of one who may ask. May block.
     *
     * @return the answer; empty when it was sent as a stream
     */
    Optional<Answer> handle(HttpExchange exchange) throws IOException, InterruptedException;
}
