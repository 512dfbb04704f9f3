package dev.holdfast.commands.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.holdfast.commands.health.Overview;
import dev.holdfast.commands.instances.PsJson;
import dev.holdfast.commands.instances.PsRow;
import dev.holdfast.json.jackson.Json;
import dev.holdfast.posix.processes.Accounts;
import dev.holdfast.posix.processes.ProcFs;
import dev.holdfast.registry.InstanceEntry;
import java.util.HashMap;
import java.util.Map;

/** All instances with the keys of {@code holdfast ps --json}. */
final class InstancesJson {
    private final Overview overview;
    private final Map<Integer, String> names = new HashMap<>();

    InstancesJson(Overview overview) {
        this.overview = overview;
    }

    ArrayNode list() {
        ArrayNode list = Json.array();
        for (InstanceEntry.Known entry : overview.known()) {
            long kilobytes = overview.kilobytes().getOrDefault(entry.record().instanceId(), 0L);
            PsJson.put(list.addObject(), new PsRow(entry, user(entry), kilobytes));
        }
        return list;
    }

    private String user(InstanceEntry.Known entry) {
        int pid = entry.record()
                .lock()
                .server()
                .orElse(entry.record().lock().launcher())
                .pid();
        boolean isHere = entry instanceof InstanceEntry.Active || entry instanceof InstanceEntry.Orphaned;
        int user = isHere ? ProcFs.user(pid).orElse(entry.owner()) : entry.owner();
        return names.computeIfAbsent(
                user, id -> Accounts.numbered(id).map(Accounts.Account::name).orElse(Integer.toUnsignedString(id)));
    }
}
