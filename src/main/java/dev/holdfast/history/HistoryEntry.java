package dev.holdfast.history;

import dev.holdfast.json.FlatObject;
import java.util.Optional;

/**
 * A line of the history that was read.
 *
 * @param time when it happened, ISO 8601 in UTC
 * @param event what happened, in a word; one that is no {@link HistoryKind} is of a later version
 * @param name to which instance
 * @param facts all that the line has
 */
public record HistoryEntry(String time, String event, String name, FlatObject facts) {
    /**
     * What a line says; empty when it is none.
     *
     * @param line without or with its newline
     */
    public static Optional<HistoryEntry> of(byte[] line) {
        Optional<FlatObject> facts = FlatObject.parse(line);
        String time = facts.flatMap(found -> found.text(HistoryKey.TIME)).orElse("");
        String event = facts.flatMap(found -> found.text(HistoryKey.EVENT)).orElse("");
        String name = facts.flatMap(found -> found.text(HistoryKey.NAME)).orElse("");
        return time.isEmpty() || event.isEmpty()
                ? Optional.empty()
                : Optional.of(new HistoryEntry(time, event, name, facts.orElseThrow()));
    }

    /** A text; empty when there is none. */
    public String text(String key) {
        return facts.text(key).orElse("");
    }

    /** A number; -1 when there is none. */
    public long number(String key) {
        return facts.number(key, -1);
    }
}
