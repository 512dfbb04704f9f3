package dev.holdfast.share.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Each request's way in: who may not ask is turned away before anything is read of it. Safe for use by many threads. */
final class Entrance implements HttpHandler {
    private final Gate gate;
    private final Map<String, Handler> handlers = new LinkedHashMap<>();
    private int open;

    /** Nothing is served yet. */
    Entrance(Gate gate) {
        this.gate = gate;
    }

    /** Serves a path, for those with the token only or for all. To be called before there are requests. */
    void serve(String path, boolean needsToken, Handler handler) {
        handlers.put(path, exchange -> {
            Optional<Answer> refusal = gate.refusal(exchange, needsToken);
            return refusal.isPresent() ? refusal : handler.handle(exchange);
        });
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        begin();
        try (exchange) {
            Optional<Answer> answer = handlers.getOrDefault(
                            exchange.getRequestURI().getPath(), this::nothing)
                    .handle(exchange);
            if (answer.isPresent()) {
                answer.get().send(exchange);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // its client does not read, or the server ends
        } finally {
            end();
        }
    }

    private Optional<Answer> nothing(HttpExchange exchange) {
        Optional<Answer> refusal = gate.refusal(exchange, false);
        return refusal.isPresent()
                ? refusal
                : Optional.of(
                        Answer.error(Answer.NOT_FOUND, "there is nothing here; the protocol is at " + McpHandler.PATH));
    }

    private synchronized void begin() {
        open++;
    }

    private synchronized void end() {
        open--;
        notifyAll();
    }

    /** Waits until no request is being served, for so long at the most. */
    synchronized void await(Duration atMost) {
        long until = System.nanoTime() + atMost.toNanos();
        try {
            for (long left = atMost.toMillis(); open > 0 && left > 0; left = millisTo(until)) {
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long millisTo(long nanoTime) {
        return Duration.ofNanos(nanoTime - System.nanoTime()).toMillis();
    }
}
