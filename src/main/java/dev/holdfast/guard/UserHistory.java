package dev.holdfast.guard;

import dev.holdfast.command.Environment;
import dev.holdfast.config.HistoryPlace;
import dev.holdfast.history.HistoryFile;
import dev.holdfast.history.HistoryKey;
import dev.holdfast.history.HistoryKind;
import dev.holdfast.history.HistoryLine;
import dev.holdfast.instance.Refusal;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.posix.processes.Self;
import java.util.Optional;

/** The history of whoever runs this launcher: in the launcher's own home, whoever the server runs as. */
final class UserHistory {
    private UserHistory() {}

    /**
     * Appends lines.
     *
     * @param lines each with its newline
     * @return why they are not there; empty when they are
     */
    static String append(String lines) {
        Environment own = Environment.ofThisProcess();
        Optional<String> path = HistoryPlace.path(own::value, Self.workingDirectory(), Self.effectiveUser());
        return path.isEmpty() ? "there is no home folder" : new HistoryFile(path.get()).append(lines);
    }

    /**
     * Writes down that a start was refused. To be called when the user has been told.
     *
     * @param name the instance that was not started
     * @return why the line is not there; empty when it is
     */
    static String refused(String name, Refusal refusal) {
        HistoryLine line = new HistoryLine(HistoryKind.REFUSAL, name, "")
                .number(HistoryKey.PID, Self.pid())
                .text(HistoryKey.REASON, reason(refusal));
        if (refusal.incumbent().pid() > 0) {
            line.number(HistoryKey.OTHER_PID, refusal.incumbent().pid());
        }
        Optional<LockRecord> other = refusal.incumbent().record();
        if (other.isPresent()) {
            line.text(HistoryKey.OTHER_INSTANCE, other.get().instanceId());
        }
        return append(line.end());
    }

    private static String reason(Refusal refusal) {
        return switch (refusal.attempt()) {
            case START -> "running";
            case FORCED_START -> "not-taken-over";
            case END -> "stays";
            case ACTIVATION -> "not-activated";
        };
    }
}
