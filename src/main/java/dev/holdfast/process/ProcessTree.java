package dev.holdfast.process;

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
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The descendants of a process, by the parents that {@code /proc} tells.
 *
 * <p>Groups and sessions do not matter here: a descendant that called setsid(2) is still one. What left the tree
 * because its parent died is found at the subreaper, see {@link dev.holdfast.posix.processes.Children#becomeSubreaper}.
 */
public final class ProcessTree {
    /** The start of a process that {@code /proc} does not show. */
    private static final long HIDDEN = -1;

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
        return descendantsOf(List.of(root));
    }

    /**
     * Pins all living descendants of some processes, by one look through all processes. The caller closes them.
     *
     * @param roots the processes, themselves not among the result
     * @return the descendants, parents before children
     */
    public static List<PinnedProcess> descendantsOf(List<Integer> roots) {
        List<PinnedProcess> found = new ArrayList<>();
        Set<Integer> tree = new HashSet<>(roots);
        for (ProcessStat member : living(roots, tree)) {
            PinnedProcess process = pinIfSame(member, tree);
            if (process != null) {
                found.add(process);
            }
        }
        return found;
    }

    /**
     * Shows each living descendant of a process, pinned while it is shown. Needs one descriptor, however many there
     * are.
     *
     * @param root the process, itself not shown
     * @param visitor sees each, parents before children
     */
    public static void forEachDescendant(int root, Consumer<PinnedProcess> visitor) {
        List<Integer> roots = List.of(root);
        Set<Integer> tree = new HashSet<>(roots);
        for (ProcessStat member : living(roots, tree)) {
            try (PinnedProcess process = pinIfSame(member, tree)) {
                if (process != null) {
                    visitor.accept(process);
                }
            }
        }
    }

    /**
     * Those that live, as the table of processes has it, parents before children. By loops, as all that a stop does: its
     * first lambda loads a hundred classes.
     *
     * @param tree what belongs to it; gets the pids of all of them
     */
    private static List<ProcessStat> living(List<Integer> roots, Set<Integer> tree) {
        Map<Integer, ProcessStat> table = new HashMap<>();
        for (int pid : ProcessList.pids()) {
            Optional<ProcessStat> stat = ProcessStat.of(pid);
            if (stat.isPresent()) {
                table.put(pid, stat.get());
            }
        }
        if (roots.contains(Self.pid())) {
            addHiddenChildren(table);
        }
        List<ProcessStat> living = new ArrayList<>();
        for (ProcessStat member : members(roots, table, tree)) {
            if (!member.isDead()) {
                living.add(member);
            }
        }
        return living;
    }

    /**
     * Where {@code /proc} hides processes (hidepid), programs with more privileges than their user are not in the list;
     * but the kernel names this process's children, and whoever loses its parent becomes one.
     */
    private static void addHiddenChildren(Map<Integer, ProcessStat> table) {
        for (int child : ProcessList.ownChildren()) {
            if (!table.containsKey(child)) {
                table.put(child, new ProcessStat(child, '?', Self.pid(), 0, 0, 0, HIDDEN));
            }
        }
    }

    /**
     * Parents before children. The table was read line by line while processes died: who is a zombie by now leads to
     * its children still, and whose parent has vanished is asked again whose child it is.
     *
     * @param tree what belongs to it; gets the pids of the members
     */
    private static List<ProcessStat> members(List<Integer> roots, Map<Integer, ProcessStat> table, Set<Integer> tree) {
        Map<Integer, List<ProcessStat>> childrenOf = new HashMap<>();
        for (ProcessStat stat : table.values()) {
            int parent = stat.parent();
            if (parent > 0 && !roots.contains(parent) && !table.containsKey(parent)) {
                Optional<ProcessStat> now = ProcessStat.of(stat.pid());
                parent = now.isEmpty() ? 0 : now.get().parent();
            }
            List<ProcessStat> children = childrenOf.get(parent);
            if (children == null) {
                children = new ArrayList<>();
                childrenOf.put(parent, children);
            }
            children.add(stat);
        }
        List<ProcessStat> members = new ArrayList<>();
        Deque<Integer> parents = new ArrayDeque<>();
        for (int root : roots) {
            parents.add(root); // ArrayDeque's own way to copy is a lambda
        }
        while (!parents.isEmpty()) {
            for (ProcessStat child : childrenOf.getOrDefault(parents.remove(), List.of())) {
                if (tree.add(child.pid())) {
                    members.add(child);
                    parents.add(child.pid());
                }
            }
        }
        return members;
    }

    /**
     * Whether a process is this one or one of its ancestors.
     *
     * @return true when it is
     */
    public static boolean isSelfOrAncestor(int pid) {
        return isInLine(Self.pid(), pid);
    }

    /**
     * Whether a process descends from this one. Also of a zombie; not of one that has been reaped.
     *
     * @return true when it does; false also when {@code /proc} hides it
     */
    public static boolean isDescendantOfSelf(int pid) {
        return pid != Self.pid() && isInLine(pid, Self.pid());
    }

    private static boolean isInLine(int descendant, int ancestor) {
        int current = descendant;
        while (current > 0) {
            if (current == ancestor) {
                return true;
            }
            Optional<ProcessStat> stat = ProcessStat.of(current);
            current = stat.isEmpty() ? 0 : stat.get().parent();
        }
        return false;
    }

    /**
     * The pid may have passed to another process since the table was read: then its start differs, or its parent. A
     * parent that died meanwhile has left it to another one of the tree, to its subreaper: it is still the same.
     */
    private static @Nullable PinnedProcess pinIfSame(ProcessStat seen, Set<Integer> tree) {
        PinnedProcess pinned = PinnedProcess.pin(seen.pid()).orElse(null);
        if (pinned == null) {
            return null;
        }
        Optional<ProcessStat> now = ProcessStat.of(seen.pid());
        if (now.isEmpty() && seen.startTicks() == HIDDEN && isOwnChild(seen.pid())) {
            return pinned;
        }
        boolean same = now.isPresent()
                && (now.get().parent() == seen.parent()
                        || tree.contains(now.get().parent()))
                && now.get().startTicks() == seen.startTicks()
                && !pinned.hasEnded();
        if (!same) {
            pinned.close();
            return null;
        }
        return pinned;
    }

    /** Asked while it is pinned. */
    private static boolean isOwnChild(int pid) {
        for (int child : ProcessList.ownChildren()) {
            if (child == pid) {
                return true;
            }
        }
        return false;
    }
}
