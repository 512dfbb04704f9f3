package dev.holdfast.commands.instances;

import dev.holdfast.posix.processes.ProcFs;
import dev.holdfast.posix.processes.ProcessList;
import dev.holdfast.posix.processes.ProcessStat;
import dev.holdfast.posix.processes.Self;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The memory of processes with all their descendants, by one look through all processes. */
public final class TreeMemory {
    private final Map<Integer, List<Integer>> childrenOf = new HashMap<>();

    /** Looks through all processes. */
    public TreeMemory() {
        for (int pid : ProcessList.pids()) {
            if (pid == Self.pid()) {
                continue; // whoever asks may be the instance's own process for its metrics
            }
            ProcessStat.of(pid)
                    .ifPresent(stat -> childrenOf
                            .computeIfAbsent(stat.parent(), parent -> new ArrayList<>())
                            .add(pid));
        }
    }

    /**
     * The memory of some processes and their descendants.
     *
     * @param roots their pids
     * @return in kilobytes
     */
    public long of(List<Integer> roots) {
        long kilobytes = 0;
        Set<Integer> seen = new HashSet<>(roots);
        Deque<Integer> left = new ArrayDeque<>(seen);
        while (!left.isEmpty()) {
            int pid = left.remove();
            kilobytes += ProcFs.residentKilobytes(pid);
            for (int child : childrenOf.getOrDefault(pid, List.of())) {
                if (seen.add(child)) {
                    left.add(child);
                }
            }
        }
        return kilobytes;
    }
}
