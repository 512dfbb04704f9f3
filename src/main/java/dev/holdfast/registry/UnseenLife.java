package dev.holdfast.registry;

import dev.holdfast.command.Environment;
import dev.holdfast.config.HistoryPlace;
import dev.holdfast.history.HistoryFile;
import dev.holdfast.history.HistoryKey;
import dev.holdfast.history.HistoryKind;
import dev.holdfast.history.HistoryLine;
import dev.holdfast.posix.processes.Self;
import java.util.Optional;

/**
 * What the history says of a server that took its launcher's place. Nothing is written on the way to it, and nobody stays who
 * could write afterwards: whoever lists the registry when the server has ended writes both lines, once.
 */
public final class UnseenLife {
    private UnseenLife() {}

    /** Its start, with the time that its record has. */
    public static HistoryLine start(InstanceRecord record) {
        return new HistoryLine(record.lock().startTime(), HistoryKind.START, record.name(), record.instanceId())
                .number(HistoryKey.PID, record.lock().launcher().pid())
                .text(HistoryKey.VERSION, record.lock().version())
                .text(HistoryKey.REASON, "exec");
    }

    /** To be called by the one who has removed its file. What cannot be written is lost. */
    static void append(InstanceRecord ended) {
        Optional<String> path =
                HistoryPlace.path(Environment.ofThisProcess(), Self.workingDirectory(), Self.effectiveUser());
        if (path.isPresent()) {
            HistoryLine end = new HistoryLine(HistoryKind.STOP, ended.name(), ended.instanceId())
                    .number(HistoryKey.PID, ended.lock().launcher().pid())
                    .text(HistoryKey.REASON, "found-ended");
            var unused = new HistoryFile(path.get()).append(start(ended).end() + end.end());
        }
    }
}
