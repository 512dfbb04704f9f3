package dev.holdfast.json;

import dev.holdfast.json.Envelope.Member;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A message with some of its values replaced, and every other byte as it was. For one message, and not for several threads.
 */
public final class Splice {
    // Not comparingInt: what it makes can be serialized, and the first such one takes the JVM milliseconds.
    private static final Comparator<Edit> BY_PLACE = (one, other) -> Integer.compare(one.from(), other.from());

    private final byte[] line;
    private final Envelope message;
    private final List<Edit> edits = new ArrayList<>();

    /**
     * Nothing is replaced yet.
     *
     * @param line the bytes that the message was found in; the result has all of them
     * @param message what was found in it
     */
    public Splice(byte[] line, Envelope message) {
        this.line = line;
        this.message = message;
    }

    private record Edit(int from, int to, String value) {}

    /**
     * Replaces a member's value. One that is not there stays away. Values that contain each other cannot both be replaced.
     *
     * @param value JSON; of bytes that are no text each is one character, as in ISO 8859-1
     */
    public Splice replace(Member member, String value) {
        if (message.has(member)) {
            edits.add(new Edit(message.from(member), message.to(member), value));
        }
        return this;
    }

    /** The new bytes. */
    public byte[] bytes() {
        edits.sort(BY_PLACE);
        int length = line.length;
        for (Edit edit : edits) {
            length += edit.value().length() - (edit.to() - edit.from());
        }
        byte[] bytes = new byte[length]; // of a message of many megabytes, one copy is made, and not two
        int at = 0;
        int from = 0;
        for (Edit edit : edits) {
            System.arraycopy(line, from, bytes, at, edit.from() - from);
            at += edit.from() - from;
            for (int i = 0; i < edit.value().length(); i++) {
                bytes[at++] = (byte) edit.value().charAt(i);
            }
            from = edit.to();
        }
        System.arraycopy(line, from, bytes, at, line.length - from);
        return bytes;
    }
}
