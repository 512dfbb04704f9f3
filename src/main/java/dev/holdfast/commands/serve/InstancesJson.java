package dev.holdfast.commands.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.holdfast.commands.health.Overview;
import dev.holdfast.commands.instances.InstanceUsers;
import dev.holdfast.commands.instances.PsJson;
import dev.holdfast.commands.instances.PsRow;
import dev.holdfast.json.jackson.Json;
import dev.holdfast.registry.InstanceEntry;

/** All instances with the keys of {@code holdfast ps --json}. */
final class InstancesJson {
    private final Overview overview;
    private final InstanceUsers users = new InstanceUsers();

    InstancesJson(Overview overview) {
        this.overview = overview;
    }

    ArrayNode list() {
        ArrayNode list = Json.array();
        for (InstanceEntry.Known entry : overview.known()) {
            long kilobytes = overview.kilobytes().getOrDefault(entry.record().instanceId(), 0L);
            PsJson.put(list.addObject(), new PsRow(entry, users.of(entry), kilobytes, PsRow.clients(entry)));
        }
        return list;
    }
}
