package dev.holdfast.process;

import dev.holdfast.posix.ProcFs;
import dev.holdfast.posix.ProcessDescriptor;
import dev.holdfast.posix.Self;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One process, for good: not merely whoever has a pid now.
 *
 * @param pid as seen in the pid namespace of whoever took the identity
 * @param startTicks when it started, in clock ticks since boot; not wall time, so setting the clock does not move it
 * @param uniqueId the number that the kernel gave to this process alone (6.9 and newer), 0 where it is not known
 */
public record ProcessIdentity(int pid, long startTicks, long uniqueId) {
    /**
     * The identity of this process.
     *
     * @return the identity
     */
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
        Optional<ProcFs.Stat> stat = ProcFs.stat(process.pid());
        // Only once the process is reaped can the pid have a new owner.
        if (stat.isEmpty() || process.isReaped()) {
            return Optional.empty();
        }
        OptionalLong id = process.uniqueId();
        return Optional.of(
                new ProcessIdentity(process.pid(), stat.get().startTicks(), id.isPresent() ? id.getAsLong() : 0));
    }

    /**
     * Whether two identities, both taken in this boot and pid namespace, are of one process: what both sides know must
     * be equal. Pid and start alone can be shared by two processes of one tick; the kernel's number cannot.
     *
     * @param other the other one
     * @return true when they are
     */
    public boolean isSameProcess(ProcessIdentity other) {
        boolean idsAgree = uniqueId == 0 || other.uniqueId == 0 || uniqueId == other.uniqueId;
        return pid == other.pid && startTicks == other.startTicks && idsAgree;
    }
}
