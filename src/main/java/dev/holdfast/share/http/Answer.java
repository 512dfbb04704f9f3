package dev.holdfast.share.http;

import com.sun.net.httpserver.HttpExchange;
import dev.holdfast.json.FlatObjectWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** An answer that is not a stream. */
final class Answer {
    static final int OK = 200;
    static final int ACCEPTED = 202;
    static final int NO_CONTENT = 204;
    static final int BAD_REQUEST = 400;
    static final int UNAUTHORIZED = 401;
    static final int FORBIDDEN = 403;
    static final int NOT_FOUND = 404;
    static final int NO_SUCH_METHOD = 405;
    static final int NOT_ACCEPTABLE = 406;
    static final int TOO_LARGE = 413;
    static final int NO_SUCH_MEDIA_TYPE = 415;
    static final int UNAVAILABLE = 503;

    private static final int NO_BODY = -1;

    private final int status;
    private final String contentType;
    private final byte[] body;

    /**
     * One with a body.
     *
     * @param status the HTTP status
     * @param body empty for none
     */
    Answer(int status, String contentType, byte[] body) {
        this.status = status;
        this.contentType = contentType;
        this.body = body;
    }

    /** JSON. */
    Answer(int status, byte[] json) {
        this(status, MediaTypes.JSON, json);
    }

    int status() {
        return status;
    }

    byte[] body() {
        return body;
    }

    /** One without a body. */
    static Answer of(int status) {
        return new Answer(status, new byte[0]);
    }

    /** Why not. */
    static Answer error(int status, String why) {
        String json = new FlatObjectWriter().text("error", why).end() + "\n";
        return new Answer(status, json.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The status that goes with an error, since 2026-07-28.
     *
     * @param code the error's, as JSON
     */
    static int ofErrorCode(String code) {
        return switch (code) {
            case "-32601" -> NOT_FOUND; // there is no such method
            case "-32020", "-32021", "-32022" -> BAD_REQUEST; // headers, capabilities, version
            default -> OK;
        };
    }

    /** Whether it is well, in a word. */
    static Answer health(int status, String word) {
        String json = new FlatObjectWriter().text("status", word).end() + "\n";
        return new Answer(status, json.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends it. Blocks until the client has taken it. */
    void send(HttpExchange exchange) throws IOException {
        boolean isBodyLeft = exchange.getRequestHeaders().containsKey("Content-Length")
                || exchange.getRequestHeaders().containsKey("Transfer-Encoding");
        if (status >= BAD_REQUEST && isBodyLeft) {
            exchange.getResponseHeaders().set("Connection", "close"); // what follows is not read
        }
        if (body.length == 0) {
            exchange.sendResponseHeaders(status, NO_BODY);
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", contentType);
        exchange.sendResponseHeaders(status, body.length);
        try (OutputStream stream = exchange.getResponseBody()) {
            MediaTypes.write(stream, body);
        }
    }
}
