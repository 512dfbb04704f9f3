package dev.holdfast.process;

import dev.holdfast.posix.processes.ProcessDescriptor;
import dev.holdfast.posix.processes.ProcessStat;
import dev.holdfast.posix.processes.Self;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One process, for good: not merely whoever has a pid now.
 *
 * @param pid as seen in the pid namespace of whoever took the identity
 * @param startTicks when it started, in clock ticks since boot; not wall time, so setting the clock does not move it; -1
 *     where it is not known, since {@code /proc} hides the process
 * @param uniqueId the number that the kernel gave to this process alone (6.9 and newer), 0 where it is not known
 */
public record ProcessIdentity(int pid, long startTicks, long uniqueId) {
    private static final long UNKNOWN_TICKS = -1;

    /** The identity of this process. */
    public static ProcessIdentity ofSelf() {
        try (ProcessDescriptor self = ProcessDescriptor.open(Self.pid()).orElseThrow()) {
            return of(self).orElseThrow();
        }
    }

    /**
     * The identity of a process that a descriptor pins.
     *
     * @param process the handle
     * @return the identity; empty when the process has been reaped
     */
    public static Optional<ProcessIdentity> of(ProcessDescriptor process) {
        Optional<ProcessStat> stat = ProcessStat.of(process.pid());
        // Only once the process is reaped can the pid have a new owner.
        if (process.isReaped()) {
            return Optional.empty();
        }
        OptionalLong id = process.uniqueId();
        return Optional.of(new ProcessIdentity(
                process.pid(),
                stat.isPresent() ? stat.get().startTicks() : UNKNOWN_TICKS,
                id.isPresent() ? id.getAsLong() : 0));
    }

    /**
     * Whether two identities, both taken in this boot and pid namespace, are surely of one process. The kernel's number
     * decides where both sides know it: it is the same in every time namespace, and also where {@code /proc} hides the
     * process. Otherwise pid and start must be known and equal; these can be shared by two processes of one tick.
     *
     * <p>When this is false and {@link #isAnotherProcess} is false, too, it cannot be told.
     *
     * @return true when they are
     */
    public boolean isSameProcess(ProcessIdentity other) {
        if (pid != other.pid) {
            return false;
        }
        return haveIds(other) ? uniqueId == other.uniqueId : haveTicks(other) && startTicks == other.startTicks;
    }

    /**
     * Whether two identities, both taken in this boot and pid namespace, are surely of two processes. Not the opposite
     * of {@link #isSameProcess}: of a process that {@code /proc} hides a kernel before 6.9 tells neither.
     *
     * @return true when they are
     */
    public boolean isAnotherProcess(ProcessIdentity other) {
        boolean canTell = pid != other.pid || haveIds(other) || haveTicks(other);
        return canTell && !isSameProcess(other);
    }

    private boolean haveIds(ProcessIdentity other) {
        return uniqueId != 0 && other.uniqueId != 0;
    }

    private boolean haveTicks(ProcessIdentity other) {
        return startTicks >= 0 && other.startTicks >= 0;
    }
}
