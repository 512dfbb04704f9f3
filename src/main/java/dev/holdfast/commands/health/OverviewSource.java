package dev.holdfast.commands.health;

import dev.holdfast.commands.doctor.RegistryPlace;
import dev.holdfast.commands.instances.TreeMemory;
import dev.holdfast.registry.InstanceEntry;
import dev.holdfast.registry.InstanceRecord;
import dev.holdfast.registry.RegistryException;
import dev.holdfast.registry.conflict.Conflict;
import dev.holdfast.registry.conflict.ConflictSearch;
import dev.holdfast.settings.ConflictDetection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks at all instances, for many who ask at once, and seldom more than twice a second. Safe for use by many threads. */
public final class OverviewSource {
    private static final long FRESH_NANOS = 400_000_000;

    private final RegistryPlace registry = RegistryPlace.ofThisProcess();
    private final ConflictDetection level;
    private final Optional<String> only;
    private @Nullable Overview last;
    private long lookedAt;

    /**
     * One that has not looked.
     *
     * @param only the id of the only instance to tell of; empty for all
     */
    public OverviewSource(ConflictDetection level, Optional<String> only) {
        this.level = level;
        this.only = only;
    }

    /** What there is, or was a moment ago. */
    public synchronized Overview now() {
        Overview known = last;
        if (known == null || System.nanoTime() - lookedAt > FRESH_NANOS) {
            known = look();
            last = known;
            lookedAt = System.nanoTime();
        }
        return known;
    }

    /** What there is, after something was done. */
    public synchronized Overview fresh() {
        last = null;
        return now();
    }

    /** Whether instances that are started with this process's environment register. */
    public boolean isTracking() {
        return registry.isOn();
    }

    private Overview look() {
        try {
            List<InstanceEntry> all = registry.entries();
            List<InstanceEntry> told = new ArrayList<>();
            for (InstanceEntry entry : all) {
                boolean isMeant = only.isEmpty()
                        || (entry instanceof InstanceEntry.Known known
                                && known.record().instanceId().equals(only.get()));
                if (isMeant) {
                    told.add(entry);
                }
            }
            List<Conflict> conflicts = new ConflictSearch(level)
                    .among(all).stream().filter(this::isMeant).toList();
            Overview found = new Overview(told, conflicts, Map.of(), "");
            return new Overview(told, found.conflicts(), memory(found.live()), "");
        } catch (RegistryException e) {
            return new Overview(List.of(), List.of(), Map.of(), String.valueOf(e.getMessage()));
        }
    }

    private boolean isMeant(Conflict conflict) {
        return only.isEmpty()
                || conflict.instance().instanceId().equals(only.get())
                || conflict.other().map(InstanceRecord::instanceId).equals(only);
    }

    private static Map<String, Long> memory(List<InstanceEntry.Known> live) {
        Map<String, Long> kilobytes = new HashMap<>();
        TreeMemory memory = live.isEmpty() ? null : new TreeMemory();
        for (InstanceEntry.Known entry : live) {
            List<Integer> pids = new ArrayList<>();
            if (entry instanceof InstanceEntry.Active) {
                pids.add(entry.record().lock().launcher().pid());
            }
            entry.record().lock().server().ifPresent(server -> pids.add(server.pid()));
            if (memory != null) {
                kilobytes.put(entry.record().instanceId(), memory.of(pids));
            }
        }
        return kilobytes;
    }
}
