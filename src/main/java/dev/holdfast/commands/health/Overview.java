package dev.holdfast.commands.health;

import dev.holdfast.registry.InstanceEntry;
import dev.holdfast.registry.InstanceRecord;
import dev.holdfast.registry.conflict.Conflict;
import java.util.List;
import java.util.Map;

/**
 * All instances at one moment.
 *
 * @param entries what the registry has
 * @param conflicts of the instances
 * @param kilobytes the memory of each that is here, with all of its processes, by its id
 * @param problem why the registry cannot be read; empty when it can
 */
public record Overview(
        List<InstanceEntry> entries, List<Conflict> conflicts, Map<String, Long> kilobytes, String problem) {
    /** Copies the lists. */
    public Overview {
        entries = List.copyOf(entries);
        conflicts = List.copyOf(conflicts);
        kilobytes = Map.copyOf(kilobytes);
    }

    /** Those whose files could be read. */
    public List<InstanceEntry.Known> known() {
        return entries.stream()
                .filter(InstanceEntry.Known.class::isInstance)
                .map(InstanceEntry.Known.class::cast)
                .toList();
    }

    /** Those that run, with those whose launchers were killed. */
    public List<InstanceEntry.Known> live() {
        return known().stream()
                .filter(entry -> entry instanceof InstanceEntry.Active || entry instanceof InstanceEntry.Orphaned)
                .toList();
    }

    /** Whether one of this name runs. */
    public boolean hasLive(String name) {
        return live().stream()
                .map(InstanceEntry.Known::record)
                .map(InstanceRecord::name)
                .anyMatch(name::equals);
    }
}
