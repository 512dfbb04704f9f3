package dev.holdfast.share;

import dev.holdfast.json.Envelope;
import dev.holdfast.json.Envelope.Member;
import dev.holdfast.json.FlatObject;
import dev.holdfast.json.FlatObjectWriter;
import dev.holdfast.json.Splice;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** What is said in the host's own name: errors, and what it asks for. One line each, without its end. */
public final class Errors {
    public static final int PARSE = -32700;
    public static final int INVALID_REQUEST = -32600;
    static final int METHOD_NOT_FOUND = -32601;
    static final int INVALID_PARAMS = -32602;
    /** The first of those that are a server's own. */
    static final int HOST = -32000;

    static final int UNSUPPORTED_VERSION = -32022;

    private static final Pattern VERSION = Pattern.compile("[\\w.-]{1,32}");
    private static final int MAX_VERSIONS = 5;

    public static final String NO_ID = "null";

    static final String LOST = "the server ended while this request was running; it may have had an effect";
    static final String SERVER_ENDED = "server-ended";

    private Errors() {}

    /**
     * An error, as the answer to a request.
     *
     * @param id the request's, byte for byte, one character each
     */
    public static byte[] answer(String id, int code, String message) {
        return join(id, new FlatObjectWriter().number("code", code).text("message", message));
    }

    /** The same, with a reason that a program reads. */
    static byte[] answer(String id, int code, String message, String reason) {
        FlatObjectWriter details = new FlatObjectWriter().text("reason", reason);
        return join(
                id,
                new FlatObjectWriter()
                        .number("code", code)
                        .text("message", message)
                        .object("data", new FlatObjectWriter().object("holdfast", details)));
    }

    /** That the server ended before it answered. */
    static byte[] lost(String id) {
        return answer(id, HOST, LOST, SERVER_ENDED);
    }

    /** That a client calls too often. */
    static byte[] rateLimited(String id, long retryAfterMillis) {
        FlatObjectWriter data = new FlatObjectWriter()
                .number("retryAfterMillis", retryAfterMillis)
                .object("holdfast", new FlatObjectWriter().text("reason", "rate-limited"));
        return join(
                id,
                new FlatObjectWriter()
                        .number("code", HOST)
                        .text("message", "rate limited")
                        .object("data", data));
    }

    private static byte[] join(String id, FlatObjectWriter error) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        line.writeBytes(head(id).getBytes(StandardCharsets.ISO_8859_1));
        line.writeBytes((error.end() + "}").getBytes(StandardCharsets.UTF_8));
        return line.toByteArray();
    }

    /** Another's error, for a request with this id. */
    static byte[] readdressed(byte[] line, String id) {
        return Envelope.of(line)
                .map(message -> new Splice(line, message).replace(Member.ID, id).bytes())
                .orElseGet(() -> answer(id, HOST, "the server has answered what is no message"));
    }

    /** Whether an error that has this code says that the server knows no handshake. */
    static boolean knowsNoHandshake(String code) {
        return code.equals("-32022") || code.equals("-32601") || code.equals("-32602");
    }

    /** That a request has waited long enough for a server that is restarted. */
    static byte[] restarting(String id) {
        return answer(id, HOST, "the server is being restarted, and has not got this request", "server-restarting");
    }

    /**
     * That the server is spoken to in other revisions of the protocol.
     *
     * @param requested the revision that the client speaks
     * @param isModern whether the server's are those without a handshake
     * @param supported those, as JSON, one character for each byte
     */
    static byte[] otherEra(String id, String requested, boolean isModern, String supported) {
        String why = "the shared server is spoken to " + (isModern ? "without" : "with")
                + " a handshake, in protocol version " + String.join(" or ", versions(supported));
        String error = new FlatObjectWriter()
                .number("code", UNSUPPORTED_VERSION)
                .text("message", why)
                .end();
        return (head(id)
                        + error.substring(0, error.length() - 1)
                        + ",\"data\":{\"supported\":" + supported + ",\"requested\":" + quoted(requested) + "}}}")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /** For people: a few, and only what looks like one; all are in the data. Libraries show their users no more. */
    private static List<String> versions(String supported) {
        String object = "{\"all\":" + supported + "}";
        List<String> all = FlatObject.parse(object.getBytes(StandardCharsets.ISO_8859_1))
                .map(parsed -> parsed.texts("all"))
                .orElse(List.of());
        List<String> shown = all.stream()
                .filter(each -> VERSION.matcher(each).matches())
                .limit(MAX_VERSIONS)
                .toList();
        return shown.isEmpty() ? List.of("unknown") : shown;
    }

    private static String head(String id) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"error\":";
    }

    /** A text as JSON, one character for each byte. */
    static String quoted(String text) {
        String object = new FlatObjectWriter().text("", text).end();
        return new String(
                object.substring("{\"\":".length(), object.length() - 1).getBytes(StandardCharsets.UTF_8),
                StandardCharsets.ISO_8859_1);
    }

    /** An empty result. */
    static byte[] empty(String id) {
        return ("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{}}").getBytes(StandardCharsets.ISO_8859_1);
    }

    /** That a subscription has ended in good order: its client subscribes again. */
    static byte[] listened(String id) {
        return ("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{\"resultType\":\"complete\",\"_meta\":{"
                        + "\"io.modelcontextprotocol/subscriptionId\":" + id + "}}}")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /** That a request is of no use any more. */
    static byte[] cancelled(String requestId, String reason) {
        return ("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":" + requestId
                        + ",\"reason\":\"" + reason + "\"}}")
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
