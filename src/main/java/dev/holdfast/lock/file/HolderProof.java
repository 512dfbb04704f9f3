package dev.holdfast.lock.file;

import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.files.MountTable;
import dev.holdfast.posix.processes.OpenDescriptors;
import dev.holdfast.posix.processes.ProcFs;
import dev.holdfast.posix.processes.ProcessEnvironment;
import dev.holdfast.posix.processes.ProcessStat;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.process.PinnedProcess;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.settings.InstanceVariables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Proves of one process that it holds a lock.
 *
 * <p>A process is pinned first; then, while it is pinned, these are read of it: it is in our pid namespace, it is the
 * lock file's owner's, it is not this process, and one of its descriptors is the locked file with exactly
 * Holdfast's two locks on its open file description. That it still lives is asked last: so the pid had no other owner
 * meanwhile, and the facts are of this very process. Only a launcher and what it spawned can have that description, so
 * a record that was forged, or is stale, or comes from another namespace, proves nothing and harms nobody.
 *
 * <p>A launcher that has become a program with more privileges than its user cannot be looked into by that user. Its
 * proof is the kernel's list of locks, which names who took the lock: see {@link #isProvedByList}.
 *
 * <p>Reads {@code /proc} only; changes nothing. Not safe for use by many threads.
 */
final class HolderProof {
    private final OpenLockFile file;
    private final String bootId = ProcFs.bootId();
    private final long pidNamespace = ProcFs.pidNamespace(Self.pid()).orElse(0);

    HolderProof(OpenLockFile file) {
        this.file = file;
    }

    /** The namespace that this process's pids are of; 0 when it is not known. */
    long pidNamespace() {
        return pidNamespace;
    }

    boolean countsHere(LockRecord record) {
        return record.isOf(bootId, pidNamespace);
    }

    Optional<PinnedProcess> prove(ProcessIdentity recorded) {
        Optional<PinnedProcess> process = PinnedProcess.pin(recorded.pid());
        boolean isProved = process.isPresent()
                && process.get().identity().isSameProcess(recorded)
                && (isProvedHolder(process.get()) || isProvedByList(process.get()));
        if (process.isPresent() && !isProved) {
            process.get().close();
            return Optional.empty();
        }
        return process;
    }

    /**
     * The second proof, of a process that the record names and that cannot be looked into: the kernel's list says that
     * this pid took the flock(2), and that both locks are held; the process is the file's owner's; and nobody else may
     * write the file, so nobody else has written its pid into the record. A lock that was inherited is listed under the
     * dead launcher's pid: a server that outlived its launcher cannot be proved like this, and is refused.
     *
     * @see <a href="https://man7.org/linux/man-pages/man5/proc_locks.5.html">proc_locks(5)</a>
     */
    private boolean isProvedByList(PinnedProcess process) {
        int pid = process.pid();
        long device =
                MountTable.deviceBehind(file.descriptor()).orElse(file.status().device());
        boolean isOwners = ProcessStat.of(pid).isPresent()
                ? ProcFs.belongsTo(pid, file.status().owner())
                // Hidden: only its own user may signal it, but for root, from whom nothing is hidden as a rule.
                : Self.effectiveUser() != 0
                        && Self.effectiveUser() == file.status().owner()
                        && !process.isOutOfReach();
        return isOwners
                && !LockFile.mayOthersWrite(file.status())
                && OpenDescriptors.lookErrno(pid) != 0
                && LockProof.isListed(ProcFs.locks(), device, file.status().inode(), pid)
                && pid != Self.pid()
                && !process.hasEnded();
    }

    Optional<PinnedProcess> prove(int pid) {
        Optional<PinnedProcess> process = PinnedProcess.pin(pid);
        if (process.isPresent() && !isProvedHolder(process.get())) {
            process.get().close();
            return Optional.empty();
        }
        return process;
    }

    private boolean isProvedHolder(PinnedProcess process) {
        int pid = process.pid();
        return holdsBothLocks(pid)
                && (ProcFs.belongsTo(pid, file.status().owner()) || isStartedAsAnotherUser(pid))
                && ProcFs.pidNamespace(pid).orElse(0) == pidNamespace
                && pid != Self.pid()
                && !process.hasEnded();
    }

    /**
     * Whether a holder has been started for this very lock and instance, by its environment. So root's server is known
     * that became another user's ({@code --user}, gosu, setpriv), when there is no launcher, or none any more.
     *
     * <p>The record is not enough: such a server has the file open for writing, and could put a stranger's pid into it
     * and pass that stranger the descriptor (SCM_RIGHTS). The environment of a stranger it cannot change.
     */
    private boolean isStartedAsAnotherUser(int pid) {
        if (Self.effectiveUser() != file.status().owner() || LockFile.mayOthersWrite(file.status())) {
            return false;
        }
        Optional<LockRecord> record = file.record();
        return record.isPresent()
                && countsHere(record.get())
                && !record.get().instanceId().isEmpty()
                && ProcessEnvironment.has(
                        pid, "HOLDFAST_INSTANCE_ID=" + record.get().instanceId())
                && isNamedBy(ProcessEnvironment.variable(pid, InstanceVariables.LOCK_FILE));
    }

    private boolean isNamedBy(String path) {
        Optional<FileStatus> named = path.isEmpty() ? Optional.empty() : FileStatus.ofName(path);
        return path.equals(file.location().path())
                || (named.isPresent() && named.get().isSameFile(file.status()));
    }

    boolean holdsBothLocks(int pid) {
        for (String info : descriptions(pid)) {
            if (LockProof.isHeld(info)) {
                return true;
            }
        }
        return false;
    }

    boolean isStarting(int pid) {
        for (String info : descriptions(pid)) {
            if (LockProof.isStarting(info)) {
                return true;
            }
        }
        return false;
    }

    /** What the kernel says of each descriptor of a process that is the lock file. */
    private List<String> descriptions(int pid) {
        List<String> found = new ArrayList<>(1);
        for (int fd : OpenDescriptors.of(pid)) {
            Optional<FileStatus> behind = OpenDescriptors.status(pid, fd);
            if (behind.isPresent() && behind.get().isSameFile(file.status())) {
                found.add(OpenDescriptors.info(pid, fd));
            }
        }
        return found;
    }
}
