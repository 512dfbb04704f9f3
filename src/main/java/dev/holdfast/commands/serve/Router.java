package dev.holdfast.commands.serve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.holdfast.error.HoldfastException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Brings each request to what answers it, if it may have an answer. */
final class Router implements HttpHandler {
    /** More are never read of a request. */
    static final int MOST_BODY_BYTES = 64 << 10;
    /** So many requests of those whom nobody knows are served at once: the threads are for others, too. */
    private static final int MOST_PUBLIC = 256;

    /** The page has its own script and style, and nothing else. */
    private static final Map<String, String> ON_ALL = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; "
                    + "form-action 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "X-Frame-Options",
            "DENY",
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Cross-Origin-Resource-Policy",
            "same-origin",
            "Referrer-Policy",
            "no-referrer",
            "Cache-Control",
            "no-store");

    private final Access access;
    private final Map<String, Route> routes = new LinkedHashMap<>();
    private final Semaphore forAnybody = new Semaphore(MOST_PUBLIC);

    Router(Access access) {
        this.access = access;
    }

    /**
     * Serves something.
     *
     * @param path the whole path, as it is sent; or all but its last part when it ends with a slash
     */
    Router add(String path, Route route) {
        routes.put(path, route);
        return this;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            ON_ALL.forEach(exchange.getResponseHeaders()::set);
            Optional<Reply> reply = answer(exchange);
            if (reply.isPresent()) {
                send(exchange, reply.get());
            }
        }
    }

    private Optional<Reply> answer(HttpExchange exchange) throws IOException {
        Route route = route(exchange.getRequestURI().getRawPath());
        Optional<Reply> refusal = access.refusal(exchange, route == null ? Access.Need.NONE : route.need());
        if (refusal.isPresent()) {
            return refusal;
        }
        if (route == null) {
            return Optional.of(Reply.error(Reply.NOT_FOUND, "there is nothing here; see /"));
        }
        if (!route.takes(exchange.getRequestMethod())) {
            return Optional.of(
                    Reply.error(Reply.NO_SUCH_METHOD, "only " + route.method()).with("Allow", route.method()));
        }
        boolean isCounted = route.need() == Access.Need.NONE && forAnybody.tryAcquire();
        if (route.need() == Access.Need.NONE && !isCounted && !access.isOwn(exchange)) {
            return Optional.of(
                    Reply.error(Reply.UNAVAILABLE, "too many ask at once").with("Retry-After", "1"));
        }
        try {
            return work(route, exchange);
        } finally {
            if (isCounted) {
                forAnybody.release();
            }
        }
    }

    /** What somebody is sent stays inside of the bound: it is sent before the place is given back. */
    private static Optional<Reply> work(Route route, HttpExchange exchange) throws IOException {
        Optional<Reply> reply;
        try {
            reply = route.work().answer(exchange);
        } catch (HoldfastException e) {
            reply = Optional.of(Reply.error(Reply.INTERNAL, String.valueOf(e.getMessage())));
        }
        if (reply.isPresent()) {
            send(exchange, reply.get());
        }
        return Optional.empty();
    }

    private @Nullable Route route(String path) {
        Route exact = routes.get(path);
        if (exact != null) {
            return exact;
        }
        int last = path.lastIndexOf('/') + 1;
        return last > 1 && last < path.length() ? routes.get(path.substring(0, last)) : null;
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", reply.type());
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        boolean isBodyLeft = exchange.getRequestHeaders().containsKey("Content-Length")
                || exchange.getRequestHeaders().containsKey("Transfer-Encoding");
        if (reply.status() >= Reply.BAD_REQUEST && isBodyLeft) {
            exchange.getResponseHeaders().set("Connection", "close"); // what follows is not read
        }
        if (exchange.getRequestMethod().equals("HEAD") || reply.text().isEmpty()) {
            exchange.sendResponseHeaders(reply.status(), -1);
            return;
        }
        byte[] bytes = reply.body();
        exchange.sendResponseHeaders(reply.status(), bytes.length);
        try (OutputStream body = exchange.getResponseBody()) {
            body.write(bytes);
        }
    }

    /**
     * The body of a request.
     *
     * @return all of it; empty when it is too long
     */
    static Optional<byte[]> body(HttpExchange exchange) throws IOException {
        String length = exchange.getRequestHeaders().getFirst("Content-Length");
        if (length != null && length.length() > 5) {
            return Optional.empty();
        }
        InputStream stream = exchange.getRequestBody();
        byte[] bytes = stream.readNBytes(MOST_BODY_BYTES + 1);
        return bytes.length > MOST_BODY_BYTES ? Optional.empty() : Optional.of(bytes);
    }
}
