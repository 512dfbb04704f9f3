package dev.holdfast.lock.file;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.processes.LookFailure;
import dev.holdfast.posix.processes.OpenDescriptors;
import dev.holdfast.posix.processes.ProcFs;
import dev.holdfast.posix.processes.ProcessEnvironment;
import dev.holdfast.posix.processes.ProcessList;
import dev.holdfast.posix.processes.ProcessReader;
import dev.holdfast.posix.processes.ProcessStat;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.process.PinnedProcess;
import dev.holdfast.process.ProcessIdentity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What belongs to the instance of a record by more than a word: the server itself, whatever is in the process group or
 * the session that the server leads and began later, and whatever has this very instance's id in its environment.
 *
 * <p>Programs close what they inherit, so the lock does not reach all that a server starts; their group and their
 * environment do. A group's number is not given away while anybody is in the group: unless another process leads it by
 * now, it is the server's.
 *
 * <p>That is enough to refuse a start, and not to end anybody: the record may be forged, with a bystander's pid in it.
 * To be ended, a process must have the id in its environment, or be in a group with one that has.
 *
 * <p>Reads {@code /proc} only. Safe for use by many threads.
 */
public final class RecordedTree {
    private final LockRecord record;
    private final String variable;

    /**
     * The tree of one instance.
     *
     * @param record what its launcher has written
     */
    public RecordedTree(LockRecord record) {
        this.record = record;
        variable = "HOLDFAST_INSTANCE_ID=" + record.instanceId();
    }

    /**
     * Whether the pids of a record mean something here: they are of this boot and this pid namespace.
     *
     * @return true when they do
     */
    public static boolean countsHere(LockRecord record) {
        return record.isOf(ProcFs.bootId(), ProcFs.pidNamespace(Self.pid()).orElse(0));
    }

    /**
     * All that lives of it, looked for among all processes: some milliseconds for a hundred. Without this process and
     * its children, and without the launcher.
     *
     * @return the processes, pinned, the server first; the caller closes them
     */
    public List<PinnedProcess> living() {
        List<PinnedProcess> found = seen();
        addUnseen(found);
        return found;
    }

    private List<PinnedProcess> seen() {
        List<PinnedProcess> found = new ArrayList<>();
        int server = record.server().isPresent() ? record.server().get().pid() : 0;
        Candidates candidates = new Candidates(record, Self.pid(), Candidates.earliestStart(record));
        try (ProcessReader reader = new ProcessReader(variable)) {
            for (int pid : ProcessList.requirePids()) {
                if (pid != Self.pid()
                        && pid != record.launcher().pid()
                        && pid != server
                        && !reader.hasBegunBefore(pid, candidates.since())
                        && mayBeMember(pid, candidates, reader)) {
                    addIfMember(pid, found);
                }
            }
        }
        if (server != Self.pid() && server != record.launcher().pid()) {
            // Not from the list, which may hide it
            addIfMember(server, found);
        }
        // A launcher that became its server
        boolean isServerToo = record.server().isPresent()
                && record.server().get().pid() == record.launcher().pid();
        if (isServerToo) {
            addIfMember(record.launcher().pid(), found);
        }
        moveServerToTheFront(found);
        return found;
    }

    /** Sorts out most of all processes by one look each: {@link #isMember} would say the same of them for ten times as much. */
    private boolean mayBeMember(int pid, Candidates candidates, ProcessReader reader) {
        ProcessStat stat = reader.stat(pid);
        if (stat == null) {
            return isOfHidden(pid);
        }
        return candidates.mayBeOfGroup(stat)
                || (candidates.mayDescend(stat) && !record.instanceId().isEmpty() && reader.hasVariable(pid));
    }

    /**
     * Whether the server may live on and it cannot be told: {@code /proc} hides the process that has its pid now, and
     * the kernel (before 6.9) has no number that would tell it from another one. To be asked when nothing living was
     * found.
     *
     * @return the process that may be the server; empty as a rule
     */
    public Optional<HiddenServer> hiddenServer() {
        if (record.server().isEmpty()) {
            return Optional.empty();
        }
        ProcessIdentity server = record.server().get();
        try (PinnedProcess now = PinnedProcess.pin(server.pid()).orElse(null)) {
            boolean isUnknown = now != null
                    && countsHere(record)
                    && !now.identity().isSameProcess(server)
                    && !now.identity().isAnotherProcess(server)
                    && !now.hasEnded();
            return isUnknown
                    ? Optional.of(
                            new HiddenServer(server.pid(), new LookFailure(OpenDescriptors.lookErrno(server.pid()))))
                    : Optional.empty();
        }
    }

    /**
     * What is left of the server's group that the walk has not seen, when the kernel still knows the group though nobody
     * who lives was found. As a rule that is a zombie, which its parent has not reaped; that is no reason to refuse a start.
     */
    private void addUnseen(List<PinnedProcess> found) {
        if (record.server().isEmpty() || !found.isEmpty()) {
            return;
        }
        ProcessIdentity server = record.server().get();
        // kill(2) takes -1 for everybody
        boolean mayLive = server.pid() > 1 && Self.kill(-server.pid(), 0) != Errno.ESRCH && !isLedByAnother(server);
        if (mayLive && ProcessList.isWhole()) {
            addNew(server.pid(), found);
        } else if (mayLive) {
            addHidden(server.pid(), found);
        }
    }

    /** Whoever was forked while the list was read, by one that ended meanwhile. */
    private void addNew(int group, List<PinnedProcess> found) {
        for (int pid : ProcessList.seenOfGroup(group)) {
            if (pid != Self.pid()) {
                addIfMember(pid, found);
            }
        }
    }

    /**
     * Those that {@code /proc} does not show: all pids are asked whose group they are in, which is not hidden. That takes
     * a second or two where there may be millions.
     */
    private void addHidden(int group, List<PinnedProcess> found) {
        for (int pid : ProcessList.pidsOfGroup(group)) {
            if (ProcessStat.of(pid).isEmpty()) {
                addIfMember(pid, found);
            }
        }
    }

    /**
     * Those that are proved to belong to it, and so may be ended.
     *
     * @param living what {@link #living} found, still pinned
     * @return some of them, or all
     */
    public List<PinnedProcess> proved(List<PinnedProcess> living) {
        Set<Integer> groups = new HashSet<>();
        List<PinnedProcess> proved = new ArrayList<>();
        for (PinnedProcess process : living) {
            Optional<ProcessStat> stat = ProcessStat.of(process.pid());
            if (stat.isPresent() && carriesId(process.pid()) && !process.hasEnded()) {
                groups.add(stat.get().processGroup());
            }
        }
        for (PinnedProcess process : living) {
            Optional<ProcessStat> stat = ProcessStat.of(process.pid());
            if (stat.isPresent() && groups.contains(stat.get().processGroup()) && !process.hasEnded()) {
                proved.add(process);
            }
        }
        return proved;
    }

    /**
     * Those that live and are {@link #proved}.
     *
     * @return the processes, pinned; the caller closes them
     */
    public List<PinnedProcess> provedLiving() {
        List<PinnedProcess> living = seen(); // what is hidden cannot be proved
        List<PinnedProcess> proved = proved(living);
        for (PinnedProcess process : living) {
            if (!proved.contains(process)) {
                process.close();
            }
        }
        return proved;
    }

    /**
     * The process group that the server leads. The launcher has made it for the server alone, so who has proved the
     * server, by the lock, has proved them, too.
     *
     * @param heads those that are proved and pinned
     * @return whether the server is one of them and leads such a group
     */
    public boolean isGroupProvedBy(List<PinnedProcess> heads) {
        if (record.server().isEmpty()
                || record.server().get().pid() == record.launcher().pid()) {
            return false; // after an exec the group is the caller's
        }
        ProcessIdentity server = record.server().get();
        boolean isProved = false;
        for (PinnedProcess head : heads) {
            isProved |= head.identity().isSameProcess(server);
        }
        return isProved && ProcessList.groupOf(server.pid()) == server.pid();
    }

    /**
     * Those in the process group of the server, also after its end. To be called only where the group {@link
     * #isGroupProvedBy is proved}.
     *
     * @return the processes, pinned; the caller closes them
     */
    public List<PinnedProcess> livingGroup() {
        List<PinnedProcess> found = new ArrayList<>();
        int group = record.server().orElseThrow().pid();
        for (int pid : ProcessList.seenOfGroup(group)) {
            if (isMember(pid)) {
                addIfMember(pid, found);
            }
        }
        return found;
    }

    /** By a loop: a start that takes over from a killed holder comes here, and its first lambda loads a hundred classes. */
    private void moveServerToTheFront(List<PinnedProcess> found) {
        for (int i = 1; i < found.size(); i++) {
            if (isServer(found.get(i))) {
                found.add(0, found.remove(i));
                return;
            }
        }
    }

    /** Asked again now that the pid cannot pass to another process; that it lives is asked last. */
    private void addIfMember(int pid, List<PinnedProcess> found) {
        Optional<PinnedProcess> pinned = PinnedProcess.pin(pid);
        if (pinned.isEmpty()) {
            return;
        }
        PinnedProcess process = pinned.get();
        if (isMember(process.pid()) && !process.hasEnded()) {
            found.add(process);
        } else {
            process.close();
        }
    }

    private boolean isServer(PinnedProcess process) {
        return record.server().isPresent()
                && process.identity().isSameProcess(record.server().get());
    }

    /**
     * Whether a process belongs to it. To be believed only while the process is pinned.
     *
     * @return true when it does; false also when it is gone, a zombie, or a child of this process; of a process that
     *     {@code /proc} hides, when it is the server or of its group
     */
    public boolean isMember(int pid) {
        Optional<ProcessStat> stat = ProcessStat.of(pid);
        if (stat.isEmpty()) {
            return isOfHidden(pid);
        }
        return !stat.get().isDead() && stat.get().parent() != Self.pid() && (isOfGroup(stat.get()) || carriesId(pid));
    }

    private boolean isOfHidden(int pid) {
        if (record.server().isEmpty()) {
            return false;
        }
        ProcessIdentity server = record.server().get();
        return pid == server.pid()
                ? isStillServer(server)
                : ProcessList.groupOf(pid) == server.pid() && !isLedByAnother(server);
    }

    private boolean isOfGroup(ProcessStat stat) {
        if (record.server().isEmpty()) {
            return false;
        }
        ProcessIdentity server = record.server().get();
        if (stat.pid() == server.pid()) {
            return isStillServer(server);
        }
        boolean isGroup = stat.processGroup() == server.pid() || stat.session() == server.pid();
        return isGroup && stat.startTicks() >= server.startTicks() && !isLedByAnother(server);
    }

    /** Whether the number has passed to another process since, which leads a group of its own. */
    private static boolean isLedByAnother(ProcessIdentity server) {
        try (PinnedProcess now = PinnedProcess.pin(server.pid()).orElse(null)) {
            if (now != null) {
                return now.identity().isAnotherProcess(server);
            }
            Optional<ProcessStat> stat = ProcessStat.of(server.pid()); // a zombie
            return stat.isPresent() && stat.get().startTicks() != server.startTicks();
        }
    }

    private static boolean isStillServer(ProcessIdentity server) {
        try (PinnedProcess now = PinnedProcess.pin(server.pid()).orElse(null)) {
            if (now != null) {
                return now.identity().isSameProcess(server);
            }
            // A zombie cannot be pinned as living, and its number is not given away.
            Optional<ProcessStat> stat = ProcessStat.of(server.pid());
            return stat.isPresent() && stat.get().startTicks() == server.startTicks();
        }
    }

    private boolean carriesId(int pid) {
        return !record.instanceId().isEmpty() && ProcessEnvironment.has(pid, variable);
    }
}
