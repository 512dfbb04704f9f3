package dev.holdfast.instance;

import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.RecordedTree;
import dev.holdfast.posix.processes.LookFailure;
import dev.holdfast.posix.processes.OpenDescriptors;
import dev.holdfast.posix.processes.ProcessEnvironment;
import dev.holdfast.posix.processes.ProcessStat;
import dev.holdfast.process.PinnedProcess;
import dev.holdfast.process.ProcessTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a killed launcher's server has left running without the lock, by the record in the lock file. */
public final class DetachedServer {
    /** A process that dies gives its locks up a moment before it counts as dead; on a busy machine, a long one. */
    private static final int DYING_MILLIS = 2000;

    private DetachedServer() {}

    /**
     * The last holder's processes that live, and are not just about to end. Blocks for up to 2 s for those that are.
     *
     * @param record of the last holder
     * @return the processes, pinned; the caller closes them
     */
    public static List<PinnedProcess> living(LockRecord record) {
        if (!RecordedTree.countsHere(record)) {
            return List.of();
        }
        List<PinnedProcess> living = new RecordedTree(record).living();
        List<PinnedProcess> staying = new ArrayList<>();
        for (PinnedProcess process : living) {
            Optional<ProcessStat> stat = ProcessStat.of(process.pid());
            boolean isExiting = stat.isEmpty() || stat.get().mayBeExiting();
            if (process.awaitEnd(isExiting ? DYING_MILLIS : 0)) {
                process.close();
            } else {
                staying.add(process);
            }
        }
        return staying;
    }

    /**
     * Why they must not be ended.
     *
     * @param living what lives, pinned
     * @param record of the last holder
     * @return empty when they may be ended
     */
    public static Optional<Obstacle> obstacle(List<PinnedProcess> living, LockRecord record) {
        for (PinnedProcess process : living) {
            if (ProcessTree.isSelfOrAncestor(process.pid())) {
                return Optional.of(new Obstacle.Inside());
            }
        }
        List<PinnedProcess> proved = new RecordedTree(record).proved(living);
        for (PinnedProcess process : living) {
            if (!proved.contains(process) && !process.hasEnded()) {
                boolean isReadable = ProcessEnvironment.isReadable(process.pid());
                int errno = isReadable ? 0 : OpenDescriptors.lookErrno(process.pid());
                return Optional.of(new Obstacle.MayBeStranger(process.pid(), new LookFailure(errno)));
            }
        }
        return Optional.empty();
    }
}
