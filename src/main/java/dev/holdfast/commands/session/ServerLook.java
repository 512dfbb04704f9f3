package dev.holdfast.commands.session;

import dev.holdfast.error.HoldfastException;
import dev.holdfast.instance.Inspection;
import dev.holdfast.instance.StatusReport;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionServer;
import dev.holdfast.text.RecordTime;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is found of one server of a session.
 *
 * @param server which
 * @param state in a word
 * @param launcher the pid of its launcher; 0 when none runs
 * @param pid its own; 0 when it does not run, or is not known
 * @param seconds since its launcher took the lock; -1 when it does not run, or that is not known
 */
record ServerLook(SessionServer server, String state, int launcher, int pid, long seconds) {
    static ServerLook at(Session session, SessionServer server) {
        if (!server.isKnown()) {
            return new ServerLook(server, "unknown", 0, 0, -1);
        }
        try {
            Inspection found = Inspection.of(LockFile.at(server.lockFile()));
            boolean isRunning =
                    found.verdict() == Inspection.Verdict.RUNNING || found.verdict() == Inspection.Verdict.ANSWERING;
            Optional<LockRecord> record = found.record()
                    .filter(said -> said.name().equals(SessionServer.instance(session.id(), server.name())));
            if (!isRunning || record.isEmpty()) {
                return new ServerLook(server, found.verdict().word().replace('-', ' '), 0, 0, -1);
            }
            OptionalLong began = RecordTime.epochSecond(record.get().startTime());
            return new ServerLook(
                    server,
                    StatusReport.state(record.get().state()),
                    record.get().launcher().pid(),
                    record.get().server().map(process -> process.pid()).orElse(0),
                    began.isPresent() ? Math.max(0, System.currentTimeMillis() / 1000 - began.getAsLong()) : -1);
        } catch (HoldfastException e) {
            return new ServerLook(server, "unknown", 0, 0, -1);
        }
    }

    /** Whether its launcher runs. */
    boolean isRunning() {
        return launcher > 0;
    }
}
