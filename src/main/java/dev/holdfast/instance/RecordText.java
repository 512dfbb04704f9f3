package dev.holdfast.instance;

import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.text.Durations;
import dev.holdfast.text.RecordTime;
import java.util.Optional;

/** What a record says, in the words of a message. */
public final class RecordText {
    /** Where the fraction of a second begins. */
    private static final int SECONDS_END = "2026-05-02T09:14:03".length();

    /** What is recorded where nothing was said. */
    private static final String UNSAID_TRANSPORT = "stdio";

    private static final String UNSAID_VERSION = "0";

    private RecordText() {}

    /**
     * Where the launcher says to be.
     *
     * @return half a sentence that begins with a blank; empty when that is not known
     */
    public static String host(Optional<LockRecord> record) {
        String host = record.isEmpty() ? "" : record.get().host();
        return host.isEmpty() ? "" : " on host \"" + host + "\"";
    }

    /**
     * Since when it runs, and, where somebody said so, how it is talked to and its version.
     *
     * @return half a sentence that begins with a comma
     */
    public static String details(LockRecord record) {
        long start = RecordTime.epochSecond(record.startTime()).orElse(0); // checked when it was read
        long seconds = Math.max(0, System.currentTimeMillis() / 1000 - start);
        String second = record.startTime().substring(0, SECONDS_END) + "Z";
        return ", started " + second + " (" + Durations.age(seconds) + ")"
                + (isTransportSaid(record) ? ", transport " + record.transport() : "")
                + (record.version().isEmpty() || record.version().equals(UNSAID_VERSION)
                        ? ""
                        : ", version " + record.version());
    }

    /** "stdio" is recorded also when nobody said it; when it was said, the client is watched. */
    private static boolean isTransportSaid(LockRecord record) {
        return !record.transport().isEmpty()
                && (!record.transport().equals(UNSAID_TRANSPORT)
                        || record.care().isWatched());
    }
}
