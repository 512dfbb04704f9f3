package dev.holdfast.history;

import dev.holdfast.json.FlatObjectWriter;
import dev.holdfast.text.Timestamps;

/** One line of the history while it is made: facts of numbers and short words only, so that it stays short. */
public final class HistoryLine {
    /** With it, a line has less than half of the 4096 bytes that programs expect to be written in one piece. */
    private static final int LONGEST_TEXT = 160;
    /** What every line begins with, so that one behind half of another is found. */
    static final String BEGIN = "{\"" + HistoryKey.TIME + "\":";

    private final FlatObjectWriter json = new FlatObjectWriter();

    /**
     * Begins a line about now.
     *
     * @param kind what has happened
     * @param name to which instance
     * @param instanceId its id
     */
    public HistoryLine(HistoryKind kind, String name, String instanceId) {
        this(Timestamps.iso(System.currentTimeMillis()), kind, name, instanceId);
    }

    /**
     * Begins a line about an earlier time.
     *
     * @param time ISO 8601 in UTC
     * @param kind what has happened
     * @param name to which instance
     * @param instanceId its id
     */
    public HistoryLine(String time, HistoryKind kind, String name, String instanceId) {
        json.text(HistoryKey.TIME, time)
                .text(HistoryKey.EVENT, kind.word())
                .text(HistoryKey.NAME, name)
                .textIfAny(HistoryKey.INSTANCE, instanceId);
    }

    /** Adds a text, of which no more than its beginning is kept when it is long; nothing when it is empty. */
    public HistoryLine text(String key, String value) {
        json.textIfAny(key, value.length() <= LONGEST_TEXT ? value : value.substring(0, LONGEST_TEXT));
        return this;
    }

    /** Adds a number. */
    public HistoryLine number(String key, long value) {
        json.number(key, value);
        return this;
    }

    /** Adds a fact that is true. */
    public HistoryLine flag(String key) {
        json.flag(key, true);
        return this;
    }

    /** The whole line, with its newline. */
    public String end() {
        return json.end() + "\n";
    }
}
