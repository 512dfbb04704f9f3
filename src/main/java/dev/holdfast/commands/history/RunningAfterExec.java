package dev.holdfast.commands.history;

import dev.holdfast.command.Environment;
import dev.holdfast.config.RunArguments;
import dev.holdfast.config.TrackingPlace;
import dev.holdfast.history.HistoryEntry;
import dev.holdfast.history.HistoryKey;
import dev.holdfast.history.HistoryKind;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.registry.InstanceEntry;
import dev.holdfast.registry.InstancesFolder;
import dev.holdfast.registry.RegistryException;
import dev.holdfast.registry.UnseenLife;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The starts of servers that took their launchers' places and run: the registry has them, and the history not yet. */
final class RunningAfterExec {
    private RunningAfterExec() {}

    /** Whether a line was written late, since nobody was left to write it when it happened. */
    static boolean isStart(HistoryEntry entry) {
        return entry.event().equals(HistoryKind.START.word())
                && !entry.text(HistoryKey.REASON).isEmpty();
    }

    /** None where there is no registry. Those that are found ended are in the history from then on. */
    static List<HistoryEntry> starts() {
        Optional<String> path = TrackingPlace.of(
                        new RunArguments(Map.of(), 0),
                        Environment.ofThisProcess(),
                        Self.workingDirectory(),
                        Self.effectiveUser())
                .folder();
        if (path.isEmpty() || FileStatus.ofTarget(path.get()).isEmpty()) {
            return List.of();
        }
        List<HistoryEntry> starts = new ArrayList<>();
        try (InstancesFolder folder = InstancesFolder.open(path.get())) {
            for (InstanceEntry entry : folder.list()) {
                if (entry instanceof InstanceEntry.Active active
                        && active.record().isAfterExec()) {
                    byte[] line = UnseenLife.start(active.record()).end().getBytes(StandardCharsets.UTF_8);
                    HistoryEntry.of(line).ifPresent(starts::add);
                }
            }
        } catch (RegistryException e) {
            return starts; // ps and doctor tell of it
        }
        return starts;
    }
}
