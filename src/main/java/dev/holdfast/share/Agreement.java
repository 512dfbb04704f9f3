package dev.holdfast.share;

import dev.holdfast.json.Envelope;
import dev.holdfast.json.Envelope.Member;
import dev.holdfast.json.Parts;
import dev.holdfast.json.Splice;

/** What the server has answered to the handshake, as all clients get it. */
final class Agreement {
    /** Would show every client's tasks to each. */
    private static final String LISTS_TASKS = "result/capabilities/tasks/list";

    private static final String VERSION = "result/protocolVersion";

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
        return new Agreement(shown, message, Parts.of(shown, VERSION));
    }

    /** The answer to a client's own request. */
    byte[] answer(String id) {
        return new Splice(line, message).replace(Member.ID, id).bytes();
    }

    /** The revision; empty when the server has named none. */
    String version() {
        return parts.text(VERSION).orElse("");
    }
}
