package dev.holdfast.share;

import dev.holdfast.json.Envelope;
import dev.holdfast.json.Envelope.Member;
import dev.holdfast.json.Leaves;
import dev.holdfast.json.Parts;
import dev.holdfast.json.Splice;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What the server has answered to the handshake, as all clients get it. */
final class Agreement {
    /** Would show every client's tasks to each. */
    private static final String LISTS_TASKS = "result/capabilities/tasks/list";

    private static final String VERSION = "result/protocolVersion";
    private static final String CAPABILITIES = "result/capabilities";
    /** By which a server says that it is to have one client alone. */
    private static final String SHARING = "result/capabilities/experimental/x-mux/sharing";

    private static final List<String> MANY = List.of("shared", "session-aware");

    private static final List<String> LISTS = List.of("tools", "prompts", "resources");

    private final byte[] line;
    private final Envelope message;
    private final Parts parts;

    private Agreement(byte[] line, Envelope message, Parts parts) {
        this.line = line;
        this.message = message;
        this.parts = parts;
    }

    /** Looks it over. */
    static Agreement of(byte[] line, Envelope answer) {
        byte[] shown = Parts.of(line, LISTS_TASKS).without(LISTS_TASKS);
        Envelope message =
                shown.length == line.length ? answer : Envelope.of(shown).orElseThrow();
        return new Agreement(
                shown,
                message,
                Parts.of(
                        shown,
                        VERSION,
                        CAPABILITIES,
                        SHARING,
                        changes("tools"),
                        changes("prompts"),
                        changes("resources")));
    }

    private static String changes(String list) {
        return CAPABILITIES + "/" + list + "/listChanged";
    }

    /** The answer to a client's own request. */
    byte[] answer(String id) {
        return new Splice(line, message).replace(Member.ID, id).bytes();
    }

    /** The revision; empty when the server has named none. */
    String version() {
        return parts.text(VERSION).orElse("");
    }

    /** Whether the server says that its state is one client's. */
    boolean isForOneClient() {
        return parts.text(SHARING).filter("isolated"::equals).isPresent();
    }

    /** Whether the server says that several clients may use it. */
    boolean isForMany() {
        return parts.text(SHARING).filter(MANY::contains).isPresent();
    }

    /** Whether another one promises the same: who was told of this one goes on with that. */
    boolean isKeptBy(Agreement other) {
        return version().equals(other.version())
                && leaves(parts.json(CAPABILITIES)).equals(leaves(other.parts.json(CAPABILITIES)));
    }

    private static List<String> leaves(String json) {
        return Leaves.of(json.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** What clients are told when all may have changed: a notification for each list whose changes they were promised. */
    List<byte[]> changes() {
        List<byte[]> changes = new ArrayList<>();
        for (String list : LISTS) {
            if (parts.json(changes(list)).equals("true")) {
                changes.add(("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/" + list + "/list_changed\"}")
                        .getBytes(StandardCharsets.US_ASCII));
            }
        }
        return changes;
    }
}
