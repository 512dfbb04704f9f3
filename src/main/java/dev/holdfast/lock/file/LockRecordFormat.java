package dev.holdfast.lock.file;

import dev.holdfast.json.FlatObject;
import dev.holdfast.json.FlatObjectWriter;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.settings.HandOff;
import dev.holdfast.text.RecordTime;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The block that holds a record: JSON, padded with blanks, closed by a newline. */
final class LockRecordFormat {
    /** Bytes in the block. One pwrite of this size replaces the whole record, so a reader never sees an empty file. */
    static final int BLOCK_SIZE = 1024;

    /** The longest that can be configured, a leap year; more would overflow where it becomes nanoseconds. */
    private static final long LONGEST_GRACE_MILLIS = 366L * 24 * 3600 * 1000;

    private static final long HIGHEST_PID = 4_194_304; // PID_MAX_LIMIT of the kernel, proc(5)

    /** The block that was read last: who waits for a lock reads the holder's while it has time. Null before the first one. */
    private static volatile @Nullable Parsed latest;

    private LockRecordFormat() {}

    static byte[] format(LockRecord record) {
        byte[] json = json(record);
        if (json.length >= BLOCK_SIZE) {
            // Texts that are as long as they may be, of nothing but quotes: the server's word is the one to spare.
            json = json(record.withStatusText(""));
        }
        if (json.length >= BLOCK_SIZE) {
            json = json(record.withStatusText("").withBeside(0));
        }
        byte[] block = new byte[BLOCK_SIZE];
        Arrays.fill(block, (byte) ' ');
        System.arraycopy(json, 0, block, 0, json.length);
        block[BLOCK_SIZE - 1] = '\n';
        return block;
    }

    private static byte[] json(LockRecord record) {
        FlatObjectWriter json = new FlatObjectWriter();
        add(json, record, record.state().name().toLowerCase(Locale.ROOT));
        // The texts are printable ASCII, see LockRecord.isValidText.
        return json.end().getBytes(StandardCharsets.US_ASCII);
    }

    /** As {@link LockRecord#addTo} has it. */
    static void add(FlatObjectWriter json, LockRecord record, String state) {
        json.number("pid", record.launcher().pid())
                .text("startTime", record.startTime())
                .text("transport", record.transport())
                .text("version", record.version())
                .text("name", record.name())
                .text("instanceId", record.instanceId())
                .text("state", state)
                .textIfAny("statusText", record.statusText())
                .number("lockTicks", record.lockTicks())
                .number("graceMillis", record.graceMillis())
                .text("bootId", record.bootId())
                .number("pidNamespace", record.pidNamespace())
                .number("startTicks", record.launcher().startTicks())
                .number("pidfdId", record.launcher().uniqueId());
        if (record.server().isPresent()) {
            ProcessIdentity server = record.server().get();
            json.number("serverPid", server.pid())
                    .number("serverStartTicks", server.startTicks())
                    .number("serverPidfdId", server.uniqueId());
        }
        if (record.besidePid() > 0) {
            json.number("besidePid", record.besidePid());
        }
        if (record.care().handOff().isPresent()) {
            json.text("handOff", record.care().handOff().get().toString());
        }
        json.flag("watched", record.care().isWatched());
        if (record.care().isShared()) {
            json.flag("shared", true);
        }
        if (record.stopByTicks() >= 0) {
            json.number("stopByTicks", record.stopByTicks());
        }
        json.text("holdfast", record.holdfast()).textIfAny("host", record.host());
    }

    /**
     * Reads a block.
     *
     * @return the record; empty when it is torn, garbage, or says something impossible
     */
    static Optional<LockRecord> parse(byte[] block) {
        Parsed known = latest;
        if (known != null && Arrays.equals(known.block, block)) {
            return known.record;
        }
        Optional<FlatObject> object = FlatObject.parse(block);
        Optional<LockRecord> record = object.isEmpty() ? Optional.empty() : of(object.get());
        latest = new Parsed(block, record);
        return record;
    }

    /** As {@link LockRecord#of} has it. */
    static Optional<LockRecord> of(FlatObject fields) {
        Optional<ProcessIdentity> launcher = identity(fields, "pid", "startTicks", "pidfdId");
        String startTime = fields.text("startTime").orElse("");
        if (launcher.isEmpty() || RecordTime.epochSecond(startTime).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new LockRecord(
                text(fields, "name"),
                launcher.get(),
                text(fields, "instanceId"),
                identity(fields, "serverPid", "serverStartTicks", "serverPidfdId"),
                (int) Math.max(0, Math.min(HIGHEST_PID, fields.number("besidePid", 0))),
                text(fields, "transport"),
                new LockRecord.Care(handOff(fields), fields.flag("watched"), fields.flag("shared")),
                text(fields, "version"),
                state(fields),
                text(fields, "statusText"),
                fields.number("lockTicks", -1),
                startTime,
                Math.max(0, Math.min(LONGEST_GRACE_MILLIS, fields.number("graceMillis", 0))),
                text(fields, "bootId"),
                fields.number("pidNamespace", 0),
                text(fields, "host"),
                fields.number("stopByTicks", -1),
                text(fields, "holdfast")));
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

    private static Optional<HandOff> handOff(FlatObject fields) {
        String word = text(fields, "handOff");
        for (HandOff handOff : HandOff.values()) {
            if (handOff.toString().equals(word)) {
                return Optional.of(handOff);
            }
        }
        return Optional.empty();
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

    /** A block, and what it says. */
    private static final class Parsed {
        private final byte[] block;
        private final Optional<LockRecord> record;

        Parsed(byte[] block, Optional<LockRecord> record) {
            this.block = block.clone();
            this.record = record;
        }
    }
}
