package dev.holdfast.control;

import dev.holdfast.json.FlatObject;
import dev.holdfast.json.FlatObjectWriter;
import dev.holdfast.text.Printable;
import java.util.Optional;

/**
 * One line of the answer to a long request: lines of progress, and a last one with a code or the reason why it is not
 * done.
 *
 * @param instanceId who answers
 * @param progress how far it is; empty in the last line
 * @param limitMillis how long the step that it reports may take from now on; 0 when nobody says
 * @param code the answer's code; -1 in every line but the last
 * @param error why it is not done; empty when it is, and while it is not over
 * @param remedy what to do about that, in a word of {@link Refusal}; empty as the error is
 */
public record LongAnswer(String instanceId, String progress, long limitMillis, int code, String error, String remedy) {
    /** A line of it is shorter than {@link ControlCall#LONGEST_LINE}. */
    private static final int LONGEST_REASON = 300;

    private static final long MOST_MILLIS = 24L * 3600 * 1000;

    /** The words of progress. */
    public static final class Progress {
        /** The payload can be sent now. */
        public static final String SEND = "send";
        /** It waits until the server is ready. */
        public static final String STARTING = "starting";
        /** It waits for others. */
        public static final String QUEUED = "queued";
        /** What was ordered is being checked. Nothing was done. */
        public static final String CHECKING = "checking";
        /** It is being done. Without this line before the connection's end nothing was, and nothing will be. */
        public static final String RUNNING = "running";

        private Progress() {}
    }

    /** What kind of refusal it is, for whoever asked. Whatever the kind, nothing was done, but for {@link #FAILED}. */
    public static final class Refusal {
        /** It cannot be had here. */
        public static final String NEVER = "never";
        /** The same may be asked again in a moment. */
        public static final String AGAIN = "again";
        /** The instance ends. */
        public static final String STOPPING = "stopping";
        /** It was begun, and came to nothing. */
        public static final String FAILED = "failed";

        private Refusal() {}
    }

    /** Whether it is the refusal of a launcher that knows version 1 of the protocol only. */
    public boolean isOfOlderLauncher() {
        return error.startsWith("protocol 1 is spoken here");
    }

    /** Whether nothing follows. */
    public boolean isLast() {
        return progress.isEmpty();
    }

    /** A line that tells how far it is. */
    public static String progress(String instanceId, String progress, long limitMillis) {
        FlatObjectWriter json = begin(instanceId).text("progress", progress);
        return (limitMillis > 0 ? json.number("limitMillis", limitMillis) : json).end();
    }

    /** The last line of what was done. */
    public static String done(String instanceId, int code) {
        return begin(instanceId).number("code", code).end();
    }

    /** The last line of what was not. */
    public static String refusal(String instanceId, String reason, String kind) {
        return begin(instanceId).text("error", reason).text("remedy", kind).end();
    }

    private static FlatObjectWriter begin(String instanceId) {
        return new FlatObjectWriter()
                .number("holdfast", ControlCall.LONG_PROTOCOL)
                .text("instanceId", instanceId);
    }

    /** Reads a line; empty when it is none of ours. A launcher of version 1 refuses in its own words. */
    public static Optional<LongAnswer> parse(byte[] line) {
        FlatObject fields = FlatObject.parse(line).orElse(null);
        if (fields == null) {
            return Optional.empty();
        }
        long protocol = fields.number("holdfast", 0);
        String error = Printable.plain(fields.text("error").orElse(""), LONGEST_REASON);
        String progress = ControlAnswer.plain(fields.text("progress").orElse(""));
        long code = fields.number("code", -1);
        boolean isOfVersion1 = protocol == ControlCall.PROTOCOL && !error.isEmpty();
        boolean isOfOurs = protocol == ControlCall.LONG_PROTOCOL
                && (!error.isEmpty() || !progress.isEmpty() || (code >= 0 && code <= 255));
        if (!isOfVersion1 && !isOfOurs) {
            return Optional.empty();
        }
        return Optional.of(new LongAnswer(
                ControlAnswer.plain(fields.text("instanceId").orElse("")),
                error.isEmpty() ? progress : "",
                Math.max(0, Math.min(MOST_MILLIS, fields.number("limitMillis", 0))),
                error.isEmpty() && progress.isEmpty() ? (int) code : -1,
                error,
                error.isEmpty() ? "" : ControlAnswer.plain(fields.text("remedy").orElse(Refusal.NEVER))));
    }
}
