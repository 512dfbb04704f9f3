package dev.holdfast.guard;

import dev.holdfast.command.Environment;
import dev.holdfast.config.HistoryPlace;
import dev.holdfast.history.HistoryFile;
import dev.holdfast.history.HistoryKey;
import dev.holdfast.history.HistoryKind;
import dev.holdfast.history.HistoryLine;
import dev.holdfast.instance.Refusal;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.posix.files.NetworkFileSystem;
import dev.holdfast.posix.processes.Self;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The history of whoever runs this launcher: in the launcher's own home, whoever the server runs as. */
final class UserHistory implements HistoryTrail.Appender {
    @Override
    public String obstacle() {
        Optional<String> path = path();
        String network = path.isEmpty() ? "" : NetworkFileSystem.ofNearest(path.get());
        return network.isEmpty()
                ? ""
                : "it would be on a network file system (" + network + "), which a stop must not wait for";
    }

    @Override
    public String append(String lines) {
        return appended(lines);
    }

    private static Optional<String> path() {
        Environment own = Environment.ofThisProcess();
        UnaryOperator<String> variables =
                new UnaryOperator<>() { // a refused start has no other lambda: it makes a class
                    @Override
                    public String apply(String name) {
                        return own.value(name);
                    }
                };
        return HistoryPlace.path(variables, Self.workingDirectory(), Self.effectiveUser());
    }

    private static String appended(String lines) {
        Optional<String> path = path();
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
        return appended(line.end());
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
