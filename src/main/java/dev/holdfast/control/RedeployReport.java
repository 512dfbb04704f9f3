package dev.holdfast.control;

import dev.holdfast.json.FlatObject;
import dev.holdfast.json.FlatObjectWriter;
import dev.holdfast.text.Printable;
import java.util.Optional;

/**
 * What came of a redeploy: the last line that its launcher answers.
 *
 * @param outcome in a word of {@link Outcome}
 * @param code what the command that asked for it ends with
 * @param serverPid who serves now; 0 for nobody
 * @param version that one's version
 * @param oldServerPid who served before; 0 for nobody
 * @param oldVersion that one's version
 * @param gapMillis for how long nobody served; until now where nobody does
 * @param why it did not come to a new server; empty where it did
 */
public record RedeployReport(
        String outcome,
        int code,
        String version,
        int serverPid,
        String oldVersion,
        int oldServerPid,
        long gapMillis,
        String why) {
    private static final int LONGEST_WHY = 300;

    /** The words for what came of it. */
    public static final class Outcome {
        /** Another command serves. */
        public static final String REPLACED = "replaced";
        /** The same command was there already. */
        public static final String SAME = "same";
        /** All was checked, and nothing was done. */
        public static final String CHECKED = "checked";
        /** A check failed, and nothing was done. */
        public static final String REFUSED = "refused";
        /** The old command serves again. */
        public static final String RETURNED = "returned";
        /** This launcher knows no command to go back to. */
        public static final String UNKNOWN = "unknown";
        /** The old server was not touched, and serves. */
        public static final String KEPT = "kept";
        /** Neither serves. */
        public static final String NOBODY = "nobody";
        /** The instance was stopped meanwhile. */
        public static final String STOPPED = "stopped";

        private Outcome() {}
    }

    /** The last line of the answer, as JSON. */
    public String line(String instanceId) {
        return new FlatObjectWriter()
                .number("holdfast", ControlCall.LONG_PROTOCOL)
                .text("instanceId", instanceId)
                .number("code", code)
                .text("outcome", outcome)
                .number("serverPid", serverPid)
                .text("version", version)
                .number("oldServerPid", oldServerPid)
                .text("oldVersion", oldVersion)
                .number("gapMillis", gapMillis)
                .textIfAny("why", Printable.line(why, LONGEST_WHY))
                .end();
    }

    /** Reads a line; empty when it is none of ours. */
    public static Optional<RedeployReport> parse(byte[] line) {
        FlatObject fields = FlatObject.parse(line).orElse(null);
        if (fields == null || fields.text("outcome").isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new RedeployReport(
                fields.text("outcome").get(),
                (int) Math.max(0, Math.min(255, fields.number("code", 70))),
                ControlAnswer.plain(fields.text("version").orElse("")),
                (int) Math.max(0, fields.number("serverPid", 0)),
                ControlAnswer.plain(fields.text("oldVersion").orElse("")),
                (int) Math.max(0, fields.number("oldServerPid", 0)),
                Math.max(0, fields.number("gapMillis", 0)),
                Printable.line(fields.text("why").orElse(""), LONGEST_WHY)));
    }
}
