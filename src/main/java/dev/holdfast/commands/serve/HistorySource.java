package dev.holdfast.commands.serve;

import dev.holdfast.command.Environment;
import dev.holdfast.config.HistoryPlace;
import dev.holdfast.history.HistoryEntry;
import dev.holdfast.history.HistoryReader;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.processes.Self;
import java.util.List;
import java.util.Optional;

/** Reads the history when it has changed. Safe for use by many threads. */
final class HistorySource {
    private final Optional<String> path =
            HistoryPlace.path(Environment.ofThisProcess()::value, Self.workingDirectory(), Self.effectiveUser());
    private List<HistoryEntry> entries = List.of();
    private Optional<FileStatus> readAt = Optional.empty();

    /** All that is there, the oldest first. */
    synchronized List<HistoryEntry> entries() {
        Optional<FileStatus> status = path.flatMap(FileStatus::ofName);
        boolean isSame = status.isPresent()
                && readAt.isPresent()
                && status.get().isSameFile(readAt.get())
                && status.get().size() == readAt.get().size();
        if (status.isPresent() && !isSame) {
            entries = List.copyOf(new HistoryReader(path.orElseThrow()).last(Long.MAX_VALUE, entry -> true));
            readAt = status;
        }
        return entries;
    }
}
