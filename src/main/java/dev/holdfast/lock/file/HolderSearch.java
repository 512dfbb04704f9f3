package dev.holdfast.lock.file;

import dev.holdfast.posix.processes.LookFailure;
import dev.holdfast.posix.processes.OpenDescriptors;
import dev.holdfast.posix.processes.ProcessList;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.process.PinnedProcess;
import dev.holdfast.process.ProcessIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the processes that hold a lock, and proves it.
 *
 * <p>{@link HolderProof} says of a process that it holds the lock. A holder that is neither the launcher nor the server
 * of the record counts only when it belongs to the {@link RecordedTree} as well.
 *
 * <p>Reads {@code /proc} only; changes nothing. Not safe for use by many threads.
 */
public final class HolderSearch {
    private final OpenLockFile file;
    private final HolderProof proof;

    /** The file must stay open as long as the search is used. */
    public HolderSearch(OpenLockFile file) {
        this.file = file;
        proof = new HolderProof(file);
    }

    /**
     * Looks at the processes that the record names. Fast: two processes at the most.
     *
     * @return the holder; empty when neither of them could be proved to be it, which is normal for the first
     *     milliseconds of a holder's life
     */
    public Optional<ProvedHolder> findByRecord() {
        Optional<LockRecord> record = file.record();
        if (record.isEmpty() || !proof.countsHere(record.get())) {
            return Optional.empty();
        }
        Optional<PinnedProcess> launcher = proof.prove(record.get().launcher());
        if (launcher.isPresent()) {
            return Optional.of(new ProvedHolder.Launcher(launcher.get(), record));
        }
        Optional<ProcessIdentity> recorded = record.get().server();
        Optional<PinnedProcess> server = recorded.isEmpty() ? Optional.empty() : proof.prove(recorded.get());
        if (server.isPresent() && isOver(record.get().launcher())) {
            return Optional.of(new ProvedHolder.Orphan(List.of(server.get()), record));
        }
        if (server.isPresent()) {
            server.get().close();
        }
        return Optional.empty();
    }

    /**
     * Looks at all processes. Takes some milliseconds for a hundred processes.
     *
     * @return the holder; unverifiable when none could be proved
     */
    public ProvedHolder findByScan() {
        List<PinnedProcess> holders = provedHolders();
        boolean isStarting = isOneStarting(holders);
        // Read last: whoever was not starting any more has written it.
        Optional<LockRecord> record = file.record();
        if (isStarting) {
            PinnedProcess.closeAll(holders);
            return new ProvedHolder.Unverifiable(Doubt.Plain.STARTING, record);
        }
        if (holders.isEmpty()) {
            return ofNone(record);
        }
        if (record.isEmpty() || !proof.countsHere(record.get())) {
            PinnedProcess.closeAll(holders);
            return new ProvedHolder.Unverifiable(Doubt.Plain.UNREADABLE_RECORD, record);
        }
        ProcessIdentity launcher = record.get().launcher();
        for (PinnedProcess holder : holders) {
            if (holder.identity().isSameProcess(launcher)) {
                holders.stream().filter(other -> other != holder).forEach(PinnedProcess::close);
                return new ProvedHolder.Launcher(holder, record);
            }
        }
        if (!isOver(launcher)) {
            PinnedProcess.closeAll(holders);
            Optional<ProvedHolder> opaque = ofOpaque(record.get(), launcher);
            return opaque.isPresent()
                    ? opaque.get()
                    : new ProvedHolder.Unverifiable(Doubt.Plain.LET_GO_BY_LAUNCHER, record);
        }
        List<PinnedProcess> members = membersOf(record.get(), holders);
        if (members.isEmpty()) {
            return new ProvedHolder.Unverifiable(Doubt.Plain.HELD_BY_STRANGER, record);
        }
        members.sort(
                (a, b) -> Long.compare(a.identity().startTicks(), b.identity().startTicks()));
        return new ProvedHolder.Orphan(members, record);
    }

    /** Those that belong to the instance of a record by more than the lock; the others are closed. */
    private static List<PinnedProcess> membersOf(LockRecord record, List<PinnedProcess> holders) {
        RecordedTree tree = new RecordedTree(record);
        List<PinnedProcess> members = new ArrayList<>();
        for (PinnedProcess holder : holders) {
            boolean isNamed = holder.identity().isSameProcess(record.launcher())
                    || (record.server().isPresent()
                            && holder.identity().isSameProcess(record.server().get()));
            if ((isNamed || tree.isMember(holder.pid())) && !holder.hasEnded()) {
                members.add(holder);
            } else {
                holder.close();
            }
        }
        return members;
    }

    /**
     * Whether the launcher that the record names has ended.
     *
     * @return false also when there is no record, or one of another boot or pid namespace
     */
    public boolean isLauncherOver() {
        Optional<LockRecord> record = file.record();
        return record.isPresent()
                && proof.countsHere(record.get())
                && isOver(record.get().launcher());
    }

    /**
     * Whether this process itself holds the lock: it took it, or inherited the descriptor of whoever did.
     *
     * @return true when one of its descriptors carries both locks
     */
    public boolean isHeldByThisProcess() {
        return proof.holdsBothLocks(Self.pid());
    }

    /**
     * Whether the record names processes of another boot or pid namespace, so that waiting for a better record is in
     * vain.
     *
     * @return true when it does
     */
    public boolean holdersAreForeign() {
        return file.record().map(record -> !proof.countsHere(record)).orElse(false);
    }

    /**
     * All processes that are proved to hold the lock for one instance. When that instance ends, another start may have
     * the same file the next moment: it is not among them.
     *
     * @param instanceId of the instance, by its record
     * @return the processes, pinned; the caller closes them
     */
    public List<PinnedProcess> holdersFor(String instanceId) {
        List<PinnedProcess> holders = provedHolders();
        boolean isStarting = isOneStarting(holders);
        // Read last, as in findByScan.
        Optional<LockRecord> record = file.record();
        if (isStarting || record.isEmpty() || !record.get().instanceId().equals(instanceId)) {
            PinnedProcess.closeAll(holders);
            return List.of();
        }
        return membersOf(record.get(), holders);
    }

    private boolean isOneStarting(List<PinnedProcess> holders) {
        boolean isStarting = false;
        for (PinnedProcess holder : holders) {
            isStarting |= proof.isStarting(holder.pid());
        }
        return isStarting;
    }

    private List<PinnedProcess> provedHolders() {
        List<PinnedProcess> holders = new ArrayList<>();
        for (int pid : ProcessList.requirePids()) {
            // A cheap look first, without a pin: on a machine with ten thousand processes it counts. Then the proof.
            if (proof.holdsBothLocks(pid)) {
                Optional<PinnedProcess> holder = proof.prove(pid);
                if (holder.isPresent()) {
                    holders.add(holder.get());
                }
            }
        }
        return holders;
    }

    private ProvedHolder ofNone(Optional<LockRecord> record) {
        if (record.isPresent()
                && record.get().pidNamespace() != 0
                && record.get().pidNamespace() != proof.pidNamespace()) {
            return new ProvedHolder.Unverifiable(Doubt.Plain.ELSEWHERE, record);
        }
        if (record.isPresent() && proof.countsHere(record.get())) {
            Optional<ProvedHolder> opaque = ofOpaque(record.get(), record.get().launcher());
            if (opaque.isEmpty() && record.get().server().isPresent()) {
                opaque = ofOpaque(record.get(), record.get().server().get());
            }
            if (opaque.isPresent()) {
                return opaque.get();
            }
        }
        return new ProvedHolder.Unverifiable(Doubt.Plain.UNSEEN, record);
    }

    /** When a process of the record lives that this one cannot look into; empty otherwise. */
    private static Optional<ProvedHolder> ofOpaque(LockRecord record, ProcessIdentity recorded) {
        try (PinnedProcess now = PinnedProcess.pin(recorded.pid()).orElse(null)) {
            if (now == null || now.identity().isAnotherProcess(recorded)) {
                return Optional.empty();
            }
            int errno = OpenDescriptors.lookErrno(recorded.pid());
            if (errno == 0 || now.hasEnded()) {
                return Optional.empty();
            }
            int opaquePid = now.identity().isSameProcess(recorded) ? recorded.pid() : 0;
            return Optional.of(new ProvedHolder.Unverifiable(
                    new Doubt.Opaque(recorded.pid(), record.name(), new LookFailure(errno)),
                    Optional.of(record),
                    opaquePid));
        }
    }

    private static boolean isOver(ProcessIdentity process) {
        try (PinnedProcess now = PinnedProcess.pin(process.pid()).orElse(null)) {
            return now == null || now.identity().isAnotherProcess(process);
        }
    }
}
