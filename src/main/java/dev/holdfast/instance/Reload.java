package dev.holdfast.instance;

import dev.holdfast.control.Request;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.OpenLockFile;
import dev.holdfast.process.PinnedProcess;
import dev.holdfast.process.ProcessIdentity;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets a server read its configuration again, by whatever carrier, and watches it for a moment afterwards: Go programs
 * and JVMs have a handler for HUP in order to end.
 */
final class Reload {
    /** What a server may take to end of the signal. */
    private static final Duration WATCH = Duration.ofSeconds(1);

    private Reload() {}

    /**
     * Asks where the server can be pinned.
     *
     * @param identity the server, as far as it is known
     */
    static Outcome ask(Carrier carrier, @Nullable ProcessIdentity identity) {
        try (PinnedProcess server = pin(identity)) {
            Outcome sent = carrier.send(Request.RELOAD);
            if (!sent.isTaken()) {
                return sent;
            }
            return server != null && server.awaitEnd((int) WATCH.toMillis())
                    ? ended(server.pid())
                    : sent.withServer(identity == null ? 0 : identity.pid());
        }
    }

    private static @Nullable PinnedProcess pin(@Nullable ProcessIdentity identity) {
        if (identity == null) {
            return null;
        }
        PinnedProcess pinned = PinnedProcess.pin(identity.pid()).orElse(null);
        if (pinned != null && !pinned.identity().isSameProcess(identity)) {
            pinned.close();
            return null;
        }
        return pinned;
    }

    /** Asks a holder whose pids count in another pid namespace. */
    static Outcome askElsewhere(Carrier.BySocket socket, OpenLockFile file) {
        Outcome sent = socket.send(Request.RELOAD);
        if (!sent.isTaken()) {
            return sent;
        }
        Optional<ProcessIdentity> before = socket.contact().record().server();
        int pid = before.map(ProcessIdentity::pid).orElse(0);
        boolean hasEnded = socket.awaitEnd((int) WATCH.toMillis());
        Optional<ProcessIdentity> now = file.record().flatMap(LockRecord::server);
        if (before.isPresent() && now.isPresent()) {
            hasEnded |= !now.get().isSameProcess(before.get());
        } else {
            hasEnded |= before.isPresent();
        }
        return hasEnded ? ended(pid) : sent.withServer(pid);
    }

    private static Outcome ended(int pid) {
        return Outcome.ended(new NotDone.EndedOfReload(pid));
    }
}
