package dev.holdfast.history;

import dev.holdfast.json.FlatObjectWriter;
import dev.holdfast.text.Timestamps;

/** One line of the history while it is made: facts of numbers and short words only, so that it stays short. */
public final class HistoryLine {
    /** With it, a line has less than half of the 4096 bytes that programs expect to be written in one piece. */
    private static final int LONGEST_TEXT = 160;
    /** What every line begins with, so that one behind half of another is found. */
    static final String BEGIN = "{\"" + Key.TIME + "\":";

    private final FlatObjectWriter json = new FlatObjectWriter();

    /** The keys of a line. */
    public static final class Key {
        /** ISO 8601 in UTC. */
        public static final String TIME = "time";
        /** A {@link HistoryKind}. */
        public static final String EVENT = "event";
        /** The instance. */
        public static final String NAME = "name";
        /** Its id. */
        public static final String INSTANCE = "instanceId";
        /** The process that it is about: the server, or a launcher that was refused. */
        public static final String PID = "pid";
        /** Of the server, as it was said. */
        public static final String VERSION = "version";
        /** How long it took, in milliseconds. */
        public static final String TOOK = "tookMillis";
        /** Why. */
        public static final String REASON = "reason";
        /** Who wanted it: a pid. */
        public static final String BY_PID = "byPid";
        /** Who wanted it: a user id. */
        public static final String BY_USER = "byUid";
        /** Where who wanted it lives, when that is not here. */
        public static final String BY_HOST = "byHost";
        /** Whether it was the terminal. */
        public static final String TERMINAL = "byTerminal";
        /** The exit code of what ended. */
        public static final String CODE = "code";
        /** The signal of which it died. */
        public static final String SIGNAL = "signal";
        /** Whether it was ended by SIGKILL at the end of its grace. */
        public static final String KILLED = "killed";
        /** How long until the next start. */
        public static final String DELAY = "delayMillis";
        /** The other process: who was in the way, or was ended, or has crashed. */
        public static final String OTHER_PID = "otherPid";
        /** The other instance's id. */
        public static final String OTHER_INSTANCE = "otherInstanceId";
        /** When the other one was started. */
        public static final String OTHER_START = "otherStartTime";

        private Key() {}
    }

    /**
     * Begins a line about now.
     *
     * @param kind what has happened
     * @param name to which instance
     * @param instanceId its id
     */
    public HistoryLine(HistoryKind kind, String name, String instanceId) {
        json.text(Key.TIME, Timestamps.iso(System.currentTimeMillis()))
                .text(Key.EVENT, kind.word())
                .text(Key.NAME, name)
                .textIfAny(Key.INSTANCE, instanceId);
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
