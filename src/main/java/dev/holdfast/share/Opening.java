package dev.holdfast.share;

import dev.holdfast.json.FlatObjectWriter;
import dev.holdfast.json.Parts;
import dev.holdfast.settings.ShareContract;
import dev.holdfast.settings.ShareRequests;
import dev.holdfast.text.Version;
import java.nio.charset.StandardCharsets;

/**
 * What a client has said of itself in its handshake.
 *
 * @param version the revision that it asks for; the newest one with a handshake when it is none of those
 * @param name its own; empty when it has none
 * @param samples whether the server may have its model asked
 * @param elicits whether the server may have its user asked
 */
record Opening(String version, String name, boolean samples, boolean elicits) {
    /** The newest revision that begins with a handshake. */
    static final String NEWEST_LEGACY = "2025-11-25";
    /** The first one that does without. */
    static final String OLDEST_MODERN = "2026-07-28";
    /** Of a client that has not said anything. */
    static final Opening NONE = new Opening(NEWEST_LEGACY, "", false, false);

    private static final int LONGEST_NAME = 200;
    private static final String VERSION = "params/protocolVersion";
    private static final String NAME = "params/clientInfo/name";
    private static final String SAMPLING = "params/capabilities/sampling";
    private static final String ELICITATION = "params/capabilities/elicitation";

    /** Reads a client's request. */
    static Opening of(byte[] line) {
        Parts said = Parts.of(line, VERSION, NAME, SAMPLING, ELICITATION);
        String version = said.text(VERSION).orElse(NEWEST_LEGACY);
        boolean isLegacy = version.compareTo(NEWEST_LEGACY) < 0;
        return new Opening(
                isLegacy ? version : NEWEST_LEGACY,
                shortened(said.text(NAME).orElse("")),
                said.has(SAMPLING),
                said.has(ELICITATION));
    }

    private static String shortened(String name) {
        return name.substring(0, Math.min(name.length(), LONGEST_NAME));
    }

    /** Whether the client takes what a server may ask. Roots are not among it: those of one client are not another's. */
    boolean answers(String method) {
        return switch (method) {
            case "sampling/createMessage" -> samples;
            case "elicitation/create" -> elicits;
            default -> false;
        };
    }

    /** What the host asks the server with: its own name, and of the clients' abilities those that it can keep. JSON, one character for each byte. */
    String params(ShareContract contract) {
        FlatObjectWriter capabilities = new FlatObjectWriter();
        if (contract.requests() == ShareRequests.ONE_CALLER) {
            capabilities.object("sampling", new FlatObjectWriter()).object("elicitation", new FlatObjectWriter());
        }
        FlatObjectWriter host = new FlatObjectWriter()
                .text("name", "holdfast")
                .text("version", Version.TEXT)
                .textIfAny("title", name);
        String json = new FlatObjectWriter()
                .text("protocolVersion", contract.protocol().orElse(version))
                .object("capabilities", capabilities)
                .object("clientInfo", host)
                .end();
        return new String(json.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
