package dev.holdfast.control;

import dev.holdfast.json.FlatObject;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.text.Printable;
import java.util.Locale;
import java.util.Optional;

/**
 * What a launcher answers by its control socket, one line of JSON: who it is and how it goes, or why it does not do what
 * was asked.
 *
 * @param instanceId who answers
 * @param state where in its life it is, in the word of the record
 * @param graceMillis how long a stop of it may take
 * @param error why it does not do what was asked; empty when it does
 */
public record ControlAnswer(String instanceId, String state, long graceMillis, String error) {
    /** Of an instance that is not the one that was meant. */
    public static final String OTHER_INSTANCE = "this is another instance";

    private static final int LONGEST_TEXT = LockRecord.LONGEST_TEXT;

    /** That it is done, and how it goes now. */
    public static String line(LockRecord record) {
        StringBuilder json = begin();
        text(json, "instanceId", record.instanceId());
        text(json, "name", record.name());
        text(json, "state", record.state().name().toLowerCase(Locale.ROOT));
        if (!record.statusText().isEmpty()) {
            text(json, "statusText", record.statusText());
        }
        text(json, "startTime", record.startTime());
        text(json, "host", record.host());
        number(json, "pid", record.launcher().pid());
        record.server().map(ProcessIdentity::pid).ifPresent(pid -> number(json, "serverPid", pid));
        number(json, "graceMillis", record.graceMillis());
        return json.append('}').toString();
    }

    /** That it is not done, and why. */
    public static String refusal(String instanceId, String reason) {
        StringBuilder json = begin();
        text(json, "instanceId", instanceId);
        text(json, "error", reason);
        return json.append('}').toString();
    }

    private static StringBuilder begin() {
        return new StringBuilder("{\"holdfast\":").append(ControlCall.PROTOCOL);
    }

    private static void number(StringBuilder json, String key, long value) {
        json.append(",\"").append(key).append("\":").append(value);
    }

    private static void text(StringBuilder json, String key, String value) {
        json.append(",\"").append(key).append("\":\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            json.append(c == '"' || c == '\\' ? "\\" : "").append(c);
        }
        json.append('"');
    }

    /** Reads a line; empty when it is none of ours. */
    public static Optional<ControlAnswer> parse(byte[] line) {
        Optional<FlatObject> fields = FlatObject.parse(line);
        if (fields.isEmpty() || fields.get().number("holdfast", 0) != ControlCall.PROTOCOL) {
            return Optional.empty();
        }
        return Optional.of(new ControlAnswer(
                plain(fields.get().text("instanceId").orElse("")),
                plain(fields.get().text("state").orElse("")),
                Math.max(0, fields.get().number("graceMillis", 0)),
                plain(fields.get().text("error").orElse(""))));
    }

    /** What may stand in a log line and on a terminal. */
    static String plain(String text) {
        return Printable.plain(text, LONGEST_TEXT);
    }
}
