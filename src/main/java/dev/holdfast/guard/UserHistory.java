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
import java.util.function.UnaryOperator;

/** The history of whoever runs this launcher: in the launcher's own home, whoever the server runs as. */
final class UserHistory implements HistoryTrail.Appender, Runnable {
    private static final int MOST_CHARACTERS = 1 << 16;

    private final HomeWriter writer;
    private final StringBuilder waiting = new StringBuilder();

    /** By a writer that knows whether to wait for the file system. */
    UserHistory(HomeWriter writer) {
        this.writer = writer;
    }

    @Override
    public String append(String lines) {
        if (!writer.isRemote()) {
            return appended(lines);
        }
        synchronized (waiting) {
            if (waiting.length() < MOST_CHARACTERS) { // else its server has long been away
                waiting.append(lines);
            }
        }
        writer.run(this);
        return "";
    }

    /** In the thread that may wait. */
    @Override
    public void run() {
        String lines;
        synchronized (waiting) {
            lines = waiting.toString();
            waiting.setLength(0);
        }
        String obstacle = lines.isEmpty() ? "" : appended(lines);
        if (!obstacle.isEmpty()) {
            writer.journal().debug("no line in the history: " + obstacle);
        }
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
