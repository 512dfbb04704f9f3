package dev.holdfast.commands.health;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.json.jackson.Json;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.registry.InstanceEntry;
import dev.holdfast.registry.InstanceRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether all is well: {@code healthy} when each instance is ready, or runs where nothing was said of readiness. An instance
 * that was killed counts until it is started again or cleared away. Who lives elsewhere is left out: nothing here can tell.
 *
 * @param instances those that count
 * @param reasons what is not well, a line each
 */
public record Health(List<InstanceEntry.Known> instances, List<String> reasons) {
    /** Copies the lists. */
    public Health {
        instances = List.copyOf(instances);
        reasons = List.copyOf(reasons);
    }

    /**
     * By what there is.
     *
     * @param only the id of the instance that must be there; empty for none
     */
    public static Health of(Overview overview, Optional<String> only) {
        List<InstanceEntry.Known> counted = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        if (!overview.problem().isEmpty()) {
            reasons.add(overview.problem());
        }
        for (InstanceEntry.Known entry : overview.known()) {
            boolean isReplaced = entry instanceof InstanceEntry.Stale
                    && overview.hasLive(entry.record().name());
            if (!(entry instanceof InstanceEntry.Elsewhere) && !isReplaced) {
                counted.add(entry);
                String reason = reason(entry);
                if (!reason.isEmpty()) {
                    reasons.add("\"" + entry.record().name() + "\" " + reason);
                }
            }
        }
        if (only.isPresent() && counted.isEmpty()) {
            reasons.add("instance " + only.get() + " does not run");
        }
        return new Health(counted, reasons);
    }

    /** Empty when it is well. */
    private static String reason(InstanceEntry.Known entry) {
        if (entry instanceof InstanceEntry.Orphaned) {
            return "has lost its launcher";
        }
        if (entry instanceof InstanceEntry.Stale) {
            return "was killed";
        }
        InstanceRecord record = entry.record();
        LockRecord.State state = record.lock().state();
        boolean isWell = record.isAfterExec() || state == LockRecord.State.RUNNING || state == LockRecord.State.READY;
        return isWell ? "" : "is " + record.state();
    }

    /** Whether nothing is wrong. */
    public boolean isWell() {
        return reasons.isEmpty();
    }

    private static String word(boolean isWell) {
        return isWell ? "healthy" : "unhealthy";
    }

    /**
     * As the document has it, with each instance.
     *
     * @param instanceId who tells; null for nobody in particular
     * @param uptimeSeconds for how long it has run
     */
    public ObjectNode json(@Nullable String instanceId, double uptimeSeconds) {
        ObjectNode node = Json.object();
        node.put("status", word(isWell())).put("instance_id", instanceId).put("uptime", uptimeSeconds);
        if (!isWell()) {
            node.put("reason", String.join("; ", reasons));
        }
        node.set("instances", list());
        return node;
    }

    /** Each instance that counts. */
    public ArrayNode list() {
        ArrayNode list = Json.array();
        for (InstanceEntry.Known entry : instances) {
            InstanceRecord record = entry.record();
            String reason = reason(entry);
            ObjectNode node = list.addObject();
            node.put("name", record.name())
                    .put("status", word(reason.isEmpty()))
                    .put("instance_id", record.instanceId())
                    .put("uptime", entry instanceof InstanceEntry.Stale ? 0 : record.ageSeconds())
                    .put("state", entry instanceof InstanceEntry.Active ? record.state() : verdict(entry));
            if (!reason.isEmpty()) {
                node.put("reason", reason);
            }
        }
        return list;
    }

    private static String verdict(InstanceEntry.Known entry) {
        if (entry instanceof InstanceEntry.Active) {
            return "active";
        }
        if (entry instanceof InstanceEntry.Orphaned) {
            return "orphaned";
        }
        return entry instanceof InstanceEntry.Stale ? "stale" : "elsewhere";
    }
}
