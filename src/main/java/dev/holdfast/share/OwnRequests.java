package dev.holdfast.share;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** What the host asks the server for itself, in its clients' name: among the clients' requests, as one of nobody's. */
final class OwnRequests {
    /** The host, as a client; no client has this number. */
    static final int HOST = 0;

    private final Routes routes;
    private final Consumer<byte[]> server;
    private final Map<Long, Consumer<byte[]>> open = new HashMap<>();

    /**
     * Nothing is asked yet.
     *
     * @param server gets the requests
     */
    OwnRequests(Routes routes, Consumer<byte[]> server) {
        this.routes = routes;
        this.server = server;
    }

    /**
     * Asks.
     *
     * @param params JSON, one character for each byte
     * @param then gets the answer; an error of the host's own when the server ends before
     */
    void send(String method, String params, Consumer<byte[]> then) {
        long wireId = routes.openOwn(method);
        open.put(wireId, then);
        String request =
                "{\"jsonrpc\":\"2.0\",\"id\":" + wireId + ",\"method\":\"" + method + "\",\"params\":" + params + "}";
        server.accept(request.getBytes(StandardCharsets.ISO_8859_1));
    }

    void answered(long wireId, byte[] line) {
        Consumer<byte[]> then = open.remove(wireId);
        if (then != null) {
            then.accept(line);
        }
    }
}
