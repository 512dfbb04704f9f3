package dev.holdfast;

import dev.holdfast.instance.Incumbent;
import dev.holdfast.lock.file.LockRecord;
import java.time.Instant;
import java.util.Optional;

/**
 * Who has the lock that was asked for.
 *
 * @param pid the process to signal for a graceful stop: the server itself, or the launcher that supervises it; 0 when
 *     nothing tells. As seen in the holder's pid namespace
 * @param startTime when it took the lock; empty when the lock file does not tell
 * @param transport how clients talk to it; empty when the lock file does not tell
 * @param version its version; empty when the lock file does not tell
 * @param verified whether it was proved that this very process holds the lock; otherwise the pid is what the lock file
 *     says, and may be anybody's: never signal it
 */
public record Holder(long pid, Optional<Instant> startTime, String transport, String version, boolean verified) {
    static Holder of(Incumbent incumbent) {
        boolean verified = incumbent.pid() > 0;
        Holder recorded = incumbent.record().map(Holder::of).orElse(new Holder(0, Optional.empty(), "", "", false));
        return new Holder(
                verified ? incumbent.pid() : recorded.pid,
                recorded.startTime,
                recorded.transport,
                recorded.version,
                verified);
    }

    static Holder of(LockRecord record) {
        // Checked when it was read: it has the form of ISO 8601.
        return new Holder(
                record.launcher().pid(),
                Optional.of(Instant.parse(record.startTime())),
                record.transport(),
                record.version(),
                false);
    }

    /** In the words of a message: {@code pid 4711, started 2026-05-02T09:14:03Z, transport stdio, version 1.0.0}. */
    String text() {
        StringBuilder text = new StringBuilder(pid > 0 ? "pid " + pid : "pid unknown");
        startTime.ifPresent(time -> text.append(", started ").append(Instant.ofEpochSecond(time.getEpochSecond())));
        if (!transport.isEmpty()) {
            text.append(", transport ").append(transport);
        }
        if (!version.isEmpty()) {
            text.append(", version ").append(version);
        }
        return text.append(verified ? "" : ", not verified").toString();
    }
}
