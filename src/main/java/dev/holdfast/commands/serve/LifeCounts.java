package dev.holdfast.commands.serve;

import dev.holdfast.history.HistoryEntry;
import dev.holdfast.history.HistoryKey;
import dev.holdfast.history.HistoryKind;
import dev.holdfast.registry.InstanceRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the history tells of the instances that run, in numbers that only grow: lines that were rotated away still count. Safe
 * for use by many threads.
 */
final class LifeCounts {
    private static final double MILLIS = 1000;

    private final HistorySource history;
    private final Map<String, Counts> known = new HashMap<>();

    LifeCounts(HistorySource history) {
        this.history = history;
    }

    /**
     * Of one instance, since its start.
     *
     * @param refusals starts of this name that were refused
     * @param stops stops of its server, by restarts, whose length is known
     * @param stopSeconds how long these took, together
     */
    record Counts(long refusals, long stops, double stopSeconds) {
        private Counts atLeast(Counts before) {
            return new Counts(
                    Math.max(refusals, before.refusals),
                    Math.max(stops, before.stops),
                    Math.max(stopSeconds, before.stopSeconds));
        }
    }

    /** Of those that run; forgets the others. */
    synchronized Map<String, Counts> of(List<InstanceRecord> instances) {
        Map<String, Counts> counted = new HashMap<>();
        List<HistoryEntry> entries = history.entries();
        for (InstanceRecord instance : instances) {
            Counts now = count(instance, entries);
            counted.put(instance.instanceId(), now.atLeast(known.getOrDefault(instance.instanceId(), now)));
        }
        known.clear();
        known.putAll(counted);
        return counted;
    }

    private static Counts count(InstanceRecord instance, List<HistoryEntry> entries) {
        long refusals = 0;
        long stops = 0;
        double seconds = 0;
        for (int i = entries.size() - 1; i >= 0; i--) {
            HistoryEntry entry = entries.get(i);
            boolean isLater = entry.time().compareTo(instance.lock().startTime()) >= 0;
            if (!isLater || !entry.name().equals(instance.name())) {
                continue;
            }
            if (entry.event().equals(HistoryKind.REFUSAL.word())) {
                refusals++;
            } else if (entry.event().equals(HistoryKind.RESTART.word()) && entry.number(HistoryKey.TOOK) >= 0) {
                stops++;
                seconds += entry.number(HistoryKey.TOOK) / MILLIS;
            }
        }
        return new Counts(refusals, stops, seconds);
    }
}
