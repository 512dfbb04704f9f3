package dev.holdfast.commands.instances;

import dev.holdfast.posix.processes.Accounts;
import dev.holdfast.posix.processes.ProcFs;
import dev.holdfast.registry.InstanceEntry;
import java.util.HashMap;
import java.util.Map;

/** Whose instances are, by name. Each user is looked up once, which may ask a directory server. Not safe for use by many threads. */
public final class InstanceUsers {
    private final Map<Integer, String> names = new HashMap<>();

    /**
     * Whose server it is; of one that does not run here, whose file it is, since its pid may be a stranger's.
     *
     * @return the name; the number where there is none
     */
    public String of(InstanceEntry.Known entry) {
        boolean isHere = entry instanceof InstanceEntry.Active || entry instanceof InstanceEntry.Orphaned;
        int pid = entry.record()
                .lock()
                .server()
                .orElse(entry.record().lock().launcher())
                .pid();
        int user = isHere ? ProcFs.user(pid).orElse(entry.owner()) : entry.owner();
        return names.computeIfAbsent(
                user, id -> Accounts.numbered(id).map(Accounts.Account::name).orElse(Integer.toUnsignedString(id)));
    }
}
