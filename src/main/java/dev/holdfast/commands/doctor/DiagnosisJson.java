package dev.holdfast.commands.doctor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.command.Environment;
import dev.holdfast.json.jackson.Json;
import dev.holdfast.registry.DataDirectory;
import dev.holdfast.registry.InstanceRecord;
import dev.holdfast.registry.conflict.Conflict;
import dev.holdfast.registry.conflict.Overlap;
import dev.holdfast.settings.InstanceVariables;

/** A diagnosis for programs. */
public final class DiagnosisJson {
    private DiagnosisJson() {}

    static ObjectNode of(Diagnosis diagnosis) {
        ObjectNode node = Json.object();
        node.put("status", diagnosis.status())
                .put("conflict_detection", diagnosis.level().toString());
        ObjectNode tracking = node.putObject("instance_tracking");
        tracking.put("active_instances", diagnosis.active());
        tracking.put("conflicts_detected", diagnosis.conflicts().size());
        String current = Environment.ofThisProcess().value(InstanceVariables.ID);
        tracking.put("current_instance_id", current.isEmpty() ? null : current);
        tracking.put("tracking_enabled", diagnosis.registry().isOn());
        ArrayNode conflicts = node.putArray("conflicts");
        for (Conflict conflict : diagnosis.conflicts()) {
            put(conflicts.addObject(), conflict, diagnosis.registry());
        }
        ArrayNode findings = node.putArray("findings");
        for (Finding finding : diagnosis.findings()) {
            findings.addObject()
                    .put("type", finding.kind())
                    .put("severity", "warning")
                    .put("details", finding.details())
                    .put("recommendation", finding.recommendation());
        }
        ObjectNode weaker = node.putObject("weaker_promises");
        diagnosis.weaker().forEach(weaker::put);
        return node;
    }

    /**
     * Adds what is known of a conflict.
     *
     * @param registry in which it was found
     */
    public static void put(ObjectNode node, Conflict conflict, RegistryPlace registry) {
        node.put("type", conflict.type().word());
        put(node.putObject("instance"), conflict.instance());
        node.put("severity", conflict.severity().word()).put("details", conflict.details());
        conflict.other().ifPresent(other -> put(node.putObject("other_instance"), other));
        if (!conflict.keys().isEmpty()) {
            conflict.keys().forEach(node.putArray("differing_keys")::add);
        }
        if (conflict.overlap() != Overlap.NONE) {
            node.put("overlap", conflict.overlap().word());
        }
        if (conflict.port() > 0) {
            node.put("port", conflict.port());
        }
        node.put("is_conflict", conflict.isConflict());
        node.put("impact", conflict.type().impact())
                .put("recommendation", conflict.recommendation(registry.resolveCommand()));
    }

    private static void put(ObjectNode node, InstanceRecord record) {
        node.put("pid", record.lock().launcher().pid());
        node.put("server_name", record.name());
        node.put("config_hash", record.configuration().hash());
        ArrayNode directories = node.putArray("directories");
        record.directories().stream().map(DataDirectory::path).forEach(directories::add);
        node.put("instance_id", record.instanceId());
    }
}
