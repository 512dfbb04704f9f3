package dev.holdfast.commands.instances;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.json.jackson.Json;
import dev.holdfast.registry.DataDirectory;
import dev.holdfast.registry.InstanceRecord;
import java.util.List;

/** The list for programs: the keys of the registry's files, and what was found out. */
public final class PsJson {
    private PsJson() {}

    static String of(List<PsRow> rows) {
        ArrayNode array = Json.array();
        for (PsRow row : rows) {
            put(array.addObject(), row);
        }
        return Json.line(array);
    }

    /** Adds what is known of one instance. */
    public static void put(ObjectNode node, PsRow row) {
        InstanceRecord instance = row.instance();
        node.put("name", instance.name())
                .put("instanceId", instance.instanceId())
                .put("verdict", row.verdict())
                .put("state", row.state())
                .put("pid", row.pid());
        instance.lock().server().ifPresent(server -> node.put("serverPid", server.pid()));
        node.put("user", row.user())
                .put("startTime", instance.lock().startTime())
                .put("ageSeconds", instance.ageSeconds())
                .put("restarts", instance.counters().restarts())
                .put("memoryKilobytes", row.kilobytes())
                .put("transport", instance.lock().transport())
                .put("version", instance.lock().version())
                .put("host", instance.lock().host());
        row.clients().ifPresent(clients -> node.put("clients", clients));
        if (!instance.description().isEmpty()) {
            node.put("description", instance.description());
        }
        if (!instance.address().isEmpty()) {
            node.put("address", instance.address());
        }
        if (instance.port() > 0) {
            node.put("port", instance.port());
        }
        ArrayNode directories = node.putArray("directories");
        for (DataDirectory directory : instance.directories()) {
            directories.add(directory.path());
        }
        node.put("configHash", instance.configuration().hash())
                .put("lockFile", instance.lockFile())
                .put("lastHeartbeat", instance.lastHeartbeat())
                .put("heartbeatSeconds", instance.heartbeatSeconds())
                .put("file", row.entry().path());
    }
}
