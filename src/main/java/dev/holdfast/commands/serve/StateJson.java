package dev.holdfast.commands.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.commands.doctor.DiagnosisJson;
import dev.holdfast.commands.doctor.RegistryPlace;
import dev.holdfast.commands.health.Health;
import dev.holdfast.commands.health.Overview;
import dev.holdfast.commands.history.HistoryText;
import dev.holdfast.history.HistoryEntry;
import dev.holdfast.json.jackson.Json;
import dev.holdfast.registry.InstanceEntry;
import dev.holdfast.registry.conflict.Conflict;
import java.util.List;
import java.util.Optional;

/** What the page shows: of all instances in short, and of one with its log and its history. */
final class StateJson {
    private static final int MOST_OF_HISTORY = 20;

    private final ServeSettings settings;
    private final HistorySource history;
    private final InstanceLog log = new InstanceLog();

    StateJson(ServeSettings settings, HistorySource history) {
        this.settings = settings;
        this.history = history;
    }

    ObjectNode all(Overview overview) {
        Health health = Health.of(overview, settings.instance());
        ObjectNode node = Json.object();
        node.put("status", health.isWell() ? "healthy" : "unhealthy").put("allow_actions", settings.allowActions());
        health.reasons().forEach(node.putArray("reasons")::add);
        node.set("instances", new InstancesJson(overview).list());
        ArrayNode conflicts = node.putArray("conflicts");
        for (Conflict conflict : overview.conflicts()) {
            DiagnosisJson.put(conflicts.addObject(), conflict, RegistryPlace.ofThisProcess());
        }
        node.set("history", lines(history.entries()));
        return node;
    }

    /** Empty when there is no such instance. */
    Optional<ObjectNode> one(Overview overview, String instanceId) {
        Optional<InstanceEntry.Known> entry = overview.known().stream()
                .filter(known -> known.record().instanceId().equals(instanceId))
                .findFirst();
        return entry.map(known -> {
            ObjectNode node = Json.object();
            String name = known.record().name();
            node.put("instanceId", instanceId).put("name", name).put("logFile", log.path(name));
            log.lastLines(name).forEach(node.putArray("log")::add);
            node.set(
                    "history",
                    lines(history.entries().stream()
                            .filter(line -> line.name().equals(name))
                            .toList()));
            return node;
        });
    }

    /** The newest first. */
    private static ArrayNode lines(List<HistoryEntry> entries) {
        ArrayNode lines = Json.array();
        List<HistoryEntry> last = entries.subList(Math.max(0, entries.size() - MOST_OF_HISTORY), entries.size());
        for (int i = last.size() - 1; i >= 0; i--) {
            lines.add(new HistoryText(List.of(last.get(i))).toString());
        }
        return lines;
    }
}
