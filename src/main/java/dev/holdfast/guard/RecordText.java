package dev.holdfast.guard;

import dev.holdfast.lock.LockRecord;
import java.time.Instant;

/** What a record says, in the words of a message. */
public final class RecordText {
    private RecordText() {}

    /**
     * Since when it runs, how it is talked to, and its version.
     *
     * @param record the record
     * @return half a sentence that begins with a comma
     */
    public static String details(LockRecord record) {
        Instant start = Instant.parse(record.startTime());
        long seconds = (System.currentTimeMillis() - start.toEpochMilli()) / 1000;
        return ", started " + Instant.ofEpochSecond(start.getEpochSecond()) + " (" + Durations.age(seconds) + ")"
                + (record.transport().isEmpty() ? "" : ", transport " + record.transport())
                + (record.version().isEmpty() ? "" : ", version " + record.version());
    }
}
