package dev.holdfast.lock.file;

import dev.holdfast.json.FlatObject;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.text.RecordTime;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The block that holds a record: JSON, padded with blanks, closed by a newline.
 *
 * <p>Written by hand, since a JSON generator would load classes on the way to the server's start.
 */
final class LockRecordFormat {
    /** Bytes in the block. One pwrite of this size replaces the whole record, so a reader never sees an empty file. */
    static final int BLOCK_SIZE = 1024;

    /** The longest that can be configured, a leap year; more would overflow where it becomes nanoseconds. */
    private static final long LONGEST_GRACE_MILLIS = 366L * 24 * 3600 * 1000;

    private static final long HIGHEST_PID = 4_194_304; // PID_MAX_LIMIT of the kernel, proc(5)

    private static final String SUPERVISE = "supervise";
    private static final String EXEC = "exec";

    private LockRecordFormat() {}

    static byte[] format(LockRecord record) {
        byte[] json = json(record);
        if (json.length >= BLOCK_SIZE) {
            // Texts that are as long as they may be, of nothing but quotes: the server's word is the one to spare.
            json = json(record.saying(""));
        }
        byte[] block = new byte[BLOCK_SIZE];
        Arrays.fill(block, (byte) ' ');
        System.arraycopy(json, 0, block, 0, json.length);
        block[BLOCK_SIZE - 1] = '\n';
        return block;
    }

    private static byte[] json(LockRecord record) {
        StringBuilder json = new StringBuilder(BLOCK_SIZE);
        json.append('{');
        number(json, "pid", record.launcher().pid());
        text(json, "startTime", record.startTime());
        text(json, "transport", record.transport());
        text(json, "version", record.version());
        text(json, "name", record.name());
        text(json, "instanceId", record.instanceId());
        text(json, "state", record.state().name().toLowerCase(Locale.ROOT));
        if (!record.statusText().isEmpty()) {
            text(json, "statusText", record.statusText());
        }
        number(json, "lockTicks", record.lockTicks());
        number(json, "graceMillis", record.graceMillis());
        text(json, "bootId", record.bootId());
        number(json, "pidNamespace", record.pidNamespace());
        number(json, "startTicks", record.launcher().startTicks());
        number(json, "pidfdId", record.launcher().uniqueId());
        if (record.server().isPresent()) {
            ProcessIdentity server = record.server().get();
            number(json, "serverPid", server.pid());
            number(json, "serverStartTicks", server.startTicks());
            number(json, "serverPidfdId", server.uniqueId());
        }
        if (record.care().handOff() != LockRecord.HandOff.UNKNOWN) {
            text(json, "handOff", record.care().handOff() == LockRecord.HandOff.EXEC ? EXEC : SUPERVISE);
        }
        json.append("\"watched\":").append(record.care().isWatched()).append(',');
        if (record.stopByTicks() >= 0) {
            number(json, "stopByTicks", record.stopByTicks());
        }
        text(json, "holdfast", record.holdfast());
        if (!record.host().isEmpty()) {
            text(json, "host", record.host());
        }
        json.setCharAt(json.length() - 1, '}');
        return json.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static void number(StringBuilder json, String key, long value) {
        json.append('"').append(key).append("\":").append(value).append(',');
    }

    /** The texts are printable ASCII, see {@link LockRecord#isValidText}. */
    private static void text(StringBuilder json, String key, String value) {
        json.append('"').append(key).append("\":\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\');
            }
            json.append(c);
        }
        json.append("\",");
    }

    /**
     * Reads a block.
     *
     * @return the record; empty when it is torn, garbage, or says something impossible
     */
    static Optional<LockRecord> parse(byte[] block) {
        Optional<FlatObject> object = FlatObject.parse(block);
        if (object.isEmpty()) {
            return Optional.empty();
        }
        FlatObject fields = object.get();
        Optional<ProcessIdentity> launcher = identity(fields, "pid", "startTicks", "pidfdId");
        String startTime = fields.text("startTime").orElse("");
        if (launcher.isEmpty() || RecordTime.epochSecond(startTime).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new LockRecord(
                launcher.get(),
                startTime,
                text(fields, "transport"),
                text(fields, "version"),
                text(fields, "name"),
                text(fields, "instanceId"),
                state(fields),
                text(fields, "statusText"),
                fields.number("lockTicks", -1),
                Math.max(0, Math.min(LONGEST_GRACE_MILLIS, fields.number("graceMillis", 0))),
                text(fields, "bootId"),
                fields.number("pidNamespace", 0),
                identity(fields, "serverPid", "serverStartTicks", "serverPidfdId"),
                new LockRecord.Care(handOff(fields), fields.flag("watched")),
                fields.number("stopByTicks", -1),
                text(fields, "holdfast"),
                text(fields, "host")));
    }

    private static Optional<ProcessIdentity> identity(FlatObject fields, String pid, String ticks, String id) {
        long number = fields.number(pid, 0);
        if (number < 1 || number > HIGHEST_PID) {
            return Optional.empty();
        }
        return Optional.of(new ProcessIdentity((int) number, fields.number(ticks, -1), fields.number(id, 0)));
    }

    private static String text(FlatObject fields, String key) {
        String value = fields.text(key).orElse("");
        return LockRecord.isValidText(value) ? value : "";
    }

    private static LockRecord.HandOff handOff(FlatObject fields) {
        String word = text(fields, "handOff");
        return word.equals(SUPERVISE)
                ? LockRecord.HandOff.SUPERVISE
                : word.equals(EXEC) ? LockRecord.HandOff.EXEC : LockRecord.HandOff.UNKNOWN;
    }

    private static LockRecord.State state(FlatObject fields) {
        String name = text(fields, "state");
        for (LockRecord.State state : LockRecord.State.values()) {
            if (state.name().toLowerCase(Locale.ROOT).equals(name)) {
                return state;
            }
        }
        return LockRecord.State.RUNNING;
    }
}
