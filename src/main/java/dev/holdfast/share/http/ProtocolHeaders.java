package dev.holdfast.share.http;

import com.sun.net.httpserver.HttpExchange;
import dev.holdfast.json.Envelope;
import dev.holdfast.json.Envelope.Member;
import dev.holdfast.json.Parts;
import dev.holdfast.share.Errors;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the headers of a request say of the message in it: since 2026-07-28 they must say the same. */
final class ProtocolHeaders {
    private static final String VERSION = "MCP-Protocol-Version";
    private static final String METHOD = "Mcp-Method";
    private static final String NAME = "Mcp-Name";
    private static final List<String> LEGACY = List.of("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25");
    private static final String FIRST_MODERN = "2026-07-28";
    private static final int HEADER_MISMATCH = -32020;
    /** Where the name stands, by the method. */
    private static final Map<String, String> NAMES = Map.of(
            "tools/call", "params/name",
            "prompts/get", "params/name",
            "resources/read", "params/uri");
    /** A name that no header can carry comes so. */
    private static final String BASE64 = "=?base64?";

    private static final String BASE64_END = "?=";

    private ProtocolHeaders() {}

    /** Whether the client knows no handshake. */
    static boolean isModern(HttpExchange exchange) {
        return Gate.header(exchange, VERSION).compareTo(FIRST_MODERN) >= 0;
    }

    /** Why a message is refused; empty when it is not. */
    static Optional<Answer> problem(HttpExchange exchange, byte[] line, Envelope message) {
        String version = Gate.header(exchange, VERSION);
        if (!isModern(exchange)) {
            if (message.has(Member.META_PROTOCOL_VERSION)) {
                return mismatch(line, message, VERSION);
            }
            return version.isEmpty() || LEGACY.contains(version)
                    ? Optional.empty()
                    : Optional.of(Answer.error(Answer.BAD_REQUEST, "a version of the protocol that is not known here"));
        }
        String method = message.text(Member.METHOD).orElse("");
        if (!Gate.header(exchange, METHOD).equals(method)) {
            return mismatch(line, message, METHOD);
        }
        boolean isRequest = message.has(Member.ID);
        if ((isRequest || message.has(Member.META_PROTOCOL_VERSION))
                && !message.text(Member.META_PROTOCOL_VERSION).orElse("").equals(version)) {
            return mismatch(line, message, VERSION);
        }
        String path = NAMES.get(method);
        if (path != null
                && !decoded(Gate.header(exchange, NAME))
                        .equals(Parts.of(line, path).text(path).orElse(""))) {
            return mismatch(line, message, NAME);
        }
        return Optional.empty();
    }

    private static String decoded(String said) {
        if (!said.startsWith(BASE64) || !said.endsWith(BASE64_END) || said.length() < BASE64.length() + 2) {
            return said;
        }
        try {
            String coded = said.substring(BASE64.length(), said.length() - BASE64_END.length());
            return new String(Base64.getDecoder().decode(coded), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return said;
        }
    }

    private static Optional<Answer> mismatch(byte[] line, Envelope message, String header) {
        int from = message.from(Member.ID);
        String id = message.has(Member.ID)
                ? new String(line, from, message.to(Member.ID) - from, StandardCharsets.ISO_8859_1)
                : Errors.NO_ID;
        String why = "header mismatch: " + header + " does not say what the message says";
        return Optional.of(new Answer(Answer.BAD_REQUEST, Errors.answer(id, HEADER_MISMATCH, why)));
    }
}
