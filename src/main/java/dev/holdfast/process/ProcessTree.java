package dev.holdfast.process;

import dev.holdfast.posix.ProcFs;
import dev.holdfast.posix.Self;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The descendants of a process, by the parents that {@code /proc} tells.
 *
 * <p>Groups and sessions do not matter here: a descendant that called setsid(2) is still one. What left the tree
 * because its parent died is found at the subreaper, see {@link dev.holdfast.posix.Children#becomeSubreaper}.
 */
public final class ProcessTree {
    private ProcessTree() {}

    /**
     * Pins all living descendants of a process. The caller closes them.
     *
     * <p>A snapshot: what is forked afterwards is not in it, so callers repeat until nothing is left.
     *
     * @param root the process, itself not among the result
     * @return the descendants, parents before children
     */
    public static List<PinnedProcess> descendantsOf(int root) {
        List<PinnedProcess> found = new ArrayList<>();
        walk(root, found::add);
        return found;
    }

    /**
     * Shows each living descendant of a process, pinned while it is shown. Needs one descriptor, however many there are.
     *
     * @param root the process, itself not shown
     * @param visitor sees each, parents before children
     */
    public static void forEachDescendant(int root, Consumer<PinnedProcess> visitor) {
        walk(root, process -> {
            try (process) {
                visitor.accept(process);
            }
        });
    }

    private static void walk(int root, Consumer<PinnedProcess> visitor) {
        Map<Integer, List<ProcFs.Stat>> childrenOf = new HashMap<>();
        for (int pid : ProcFs.pids()) {
            ProcFs.stat(pid)
                    .filter(stat -> !stat.isDead())
                    .ifPresent(stat -> childrenOf
                            .computeIfAbsent(stat.parent(), parent -> new ArrayList<>())
                            .add(stat));
        }
        Deque<Integer> parents = new ArrayDeque<>(List.of(root));
        while (!parents.isEmpty()) {
            for (ProcFs.Stat child : childrenOf.getOrDefault(parents.remove(), List.of())) {
                parents.add(child.pid());
                pinIfSame(child).ifPresent(visitor);
            }
        }
    }

    /**
     * Whether a process is this one or one of its ancestors.
     *
     * @param pid the process
     * @return true when it is
     */
    public static boolean isSelfOrAncestor(int pid) {
        int current = Self.pid();
        while (current > 0) {
            if (current == pid) {
                return true;
            }
            current = ProcFs.stat(current).map(ProcFs.Stat::parent).orElse(0);
        }
        return false;
    }

    /** The pid may have passed to another process since the table was read: then its start or its parent differs. */
    private static Optional<PinnedProcess> pinIfSame(ProcFs.Stat seen) {
        Optional<PinnedProcess> pinned = PinnedProcess.pin(seen.pid());
        if (pinned.isEmpty()) {
            return pinned;
        }
        Optional<ProcFs.Stat> now = ProcFs.stat(seen.pid());
        boolean same = now.isPresent()
                && now.get().parent() == seen.parent()
                && now.get().startTicks() == seen.startTicks()
                && !pinned.get().hasEnded();
        if (!same) {
            pinned.get().close();
            return Optional.empty();
        }
        return pinned;
    }
}
