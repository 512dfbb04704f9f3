package dev.holdfast.guard;

import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.RecordTime;
import java.util.Optional;

/** What a record says, in the words of a message. */
public final class RecordText {
    /** Where the fraction of a second begins. */
    private static final int SECONDS_END = "2026-05-02T09:14:03".length();

    private RecordText() {}

    /**
     * Where the launcher says to be.
     *
     * @param record the record
     * @return half a sentence that begins with a blank; empty when that is not known
     */
    public static String host(Optional<LockRecord> record) {
        String host = record.map(LockRecord::host).orElse("");
        return host.isEmpty() ? "" : " on host \"" + host + "\"";
    }

    /**
     * Since when it runs, how it is talked to, and its version.
     *
     * @param record the record
     * @return half a sentence that begins with a comma
     */
    public static String details(LockRecord record) {
        long start = RecordTime.epochSecond(record.startTime()).orElse(0); // checked when it was read
        long seconds = Math.max(0, System.currentTimeMillis() / 1000 - start);
        String second = record.startTime().substring(0, SECONDS_END) + "Z";
        return ", started " + second + " (" + Durations.age(seconds) + ")"
                + (record.transport().isEmpty() ? "" : ", transport " + record.transport())
                + (record.version().isEmpty() ? "" : ", version " + record.version());
    }
}
