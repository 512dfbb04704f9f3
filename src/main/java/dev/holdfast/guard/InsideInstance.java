package dev.holdfast.guard;

import dev.holdfast.command.Environment;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.posix.processes.ProcFs;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.process.PinnedProcess;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.process.ProcessTree;
import dev.holdfast.settings.InstanceVariables;
import java.util.List;

/**
 * Whether this start is part of the very instance that is in its way: an entry point and the npm script that it calls
 * are both guarded. It would wait for its own end, or end itself, so it is refused whatever the policy is.
 */
final class InsideInstance {
    private InsideInstance() {}

    /**
     * Whether a record is that of the instance around us: its id is in our environment, which holds across pid
     * namespaces, or its launcher or server is one of our ancestors.
     */
    static boolean isOf(LockRecord record) {
        String around = Environment.ofThisProcess().value(InstanceVariables.ID);
        if (!around.isEmpty() && around.equals(record.instanceId())) {
            return true;
        }
        boolean countsHere = record.bootId().equals(ProcFs.bootId())
                && record.pidNamespace() == ProcFs.pidNamespace(Self.pid()).orElse(0);
        return countsHere
                && (isAncestor(record.launcher())
                        || (record.server().isPresent()
                                && isAncestor(record.server().get())));
    }

    private static boolean isAncestor(ProcessIdentity process) {
        if (!ProcessTree.isSelfOrAncestor(process.pid())) {
            return false;
        }
        try (PinnedProcess now = PinnedProcess.pin(process.pid()).orElse(null)) {
            return now != null && now.identity().isSameProcess(process);
        }
    }

    /** Whether one of these processes is this one or an ancestor. */
    static boolean isAnyAround(List<PinnedProcess> processes) {
        for (PinnedProcess process : processes) {
            if (ProcessTree.isSelfOrAncestor(process.pid())) {
                return true;
            }
        }
        return false;
    }

    /** Whether one of these pids, separated by blanks, is this process or an ancestor. */
    static boolean isAnyAround(String pids) {
        for (String pid : pids.split(" ")) {
            if (!pid.isEmpty() && ProcessTree.isSelfOrAncestor(Integer.parseInt(pid))) {
                return true;
            }
        }
        return false;
    }
}
