package dev.holdfast.history;

/** The keys of a line of the history. */
public final class HistoryKey {
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

    private HistoryKey() {}
}
