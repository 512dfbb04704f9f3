package dev.holdfast.guard;

import dev.holdfast.journal.Journal;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.registry.Registration;
import dev.holdfast.settings.TrackingSettings;
import dev.holdfast.waiting.Ticker;
import java.util.Optional;

/**
 * Registers an instance whose launcher is about to become its server: once, in one piece, since nobody is left who could
 * write again. Nobody removes the file at the end either; whoever lists the registry then does.
 *
 * <p>On the way to the server, so it does the least: without the digests of the configuration, which would take as long as
 * all the rest, not on a network file system, and not at all on a machine that has been slow already. Then the lock record
 * alone tells of the instance.
 */
final class ExecRegistration {
    private static final long MOST_NANOS = 1_000_000;

    private ExecRegistration() {}

    static void write(
            Optional<TrackingSettings> said, String lockFile, LockRecord record, Journal journal, Ticker ticker) {
        TrackingSettings tracking = said.isPresent() ? said.get() : TrackingSettings.USUAL;
        if (!tracking.isOn()) {
            return;
        }
        long begun = ticker.nanoTime();
        Registration registration = new Registration(tracking, lockFile, journal);
        if (registration.isRemote()) {
            journal.debug("not registered: the registry is on a network file system");
            return;
        }
        registration.locate();
        if (ticker.nanoTime() - begun > MOST_NANOS) {
            journal.debug("not registered: it would take too long");
            return;
        }
        registration.write(record, 0);
    }
}
