package dev.holdfast.commands.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import dev.holdfast.json.jackson.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The state, again and again, as server-sent events. A stream ends after some time, and whoever reads it asks again; so one
 * whose reader has gone away without a word ends, too.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">HTML, server-sent events</a>
 */
final class EventStream {
    private static final int MOST = 32;
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(50);
    private static final long PAUSE_MILLIS = 1000;

    private final Supplier<JsonNode> state;
    private final Semaphore places = new Semaphore(MOST);

    /** Tells what there is. */
    EventStream(Supplier<JsonNode> state) {
        this.state = state;
    }

    Optional<Reply> serve(HttpExchange exchange) throws IOException {
        if (!places.tryAcquire()) {
            return Optional.of(
                    Reply.error(Reply.UNAVAILABLE, "too many look at once").with("Retry-After", "5"));
        }
        try {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.sendResponseHeaders(Reply.OK, -1);
                return Optional.empty();
            }
            exchange.sendResponseHeaders(Reply.OK, 0);
            try (OutputStream body = exchange.getResponseBody()) {
                write(body);
            }
            return Optional.empty();
        } finally {
            places.release();
        }
    }

    private void write(OutputStream body) throws IOException {
        long end = System.nanoTime() + LONGEST_NANOS;
        // Never given: it makes each wait end in time.
        Semaphore pause = new Semaphore(0);
        do {
            body.write(("data: " + Json.line(state.get()) + "\n\n").getBytes(StandardCharsets.US_ASCII));
            body.flush();
            try {
                if (pause.tryAcquire(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        } while (System.nanoTime() < end);
    }
}
