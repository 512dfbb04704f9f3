package dev.holdfast.commands.session;

import dev.holdfast.error.HoldfastException;
import dev.holdfast.instance.Inspection;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionHold;
import dev.holdfast.session.SessionServer;
import java.time.Duration;
import java.util.Optional;

/** What is written down of a server goes with it. Not while anybody begins one: that may be of the same name. */
final class EndedServer {
    private EndedServer() {}

    /**
     * Forgets a server that does not run. For who does not have the session's lock.
     *
     * @param isNew whether this start has written it down first: then one that runs by now, and was not started in this
     *     session, is forgotten, too
     */
    static void forget(Session session, String name, boolean isNew) throws InterruptedException {
        try (SessionHold alone = session.lockAlone(Duration.ZERO).orElse(null)) {
            Optional<SessionServer> server = alone == null ? Optional.empty() : session.server(name);
            if (server.isEmpty() || !server.get().isKnown()) {
                return;
            }
            boolean isGone = isOver(session, server.get(), false);
            if (isGone || isOver(session, server.get(), isNew)) {
                session.forget(name);
                if (isGone && !isOver(session, server.get(), false)) {
                    session.add(server.get()); // its launcher was on the way to its lock, and has got it
                }
            }
        } catch (HoldfastException e) {
            return; // it stays, and is shown as one that does not run
        }
    }

    private static boolean isOver(Session session, SessionServer server, boolean isNew) {
        Inspection found = Inspection.of(LockFile.at(server.lockFile()));
        if (found.verdict() == Inspection.Verdict.NOT_RUNNING || found.verdict() == Inspection.Verdict.STALE) {
            return true;
        }
        return isNew
                && found.record()
                        .map(record -> record.launcher().pid())
                        .filter(launcher -> !session.isLauncher(server.name(), launcher))
                        .isPresent();
    }
}
