package dev.holdfast.registry;

import java.util.Map;

/**
 * What has happened to an instance so far, in numbers.
 *
 * @param restarts starts of its server after the first one
 * @param reloads times that it has read its configuration again
 * @param kills stops that ended by SIGKILL
 * @param failures ends of its server that nobody had asked for, with another exit code than 0
 * @param lastStopMillis how long the last stop took, from the signal until nothing was left; -1 when there was none
 * @param stops how many stops there were, by their reason, such as {@code SIGTERM}
 */
public record InstanceCounters(
        long restarts, long reloads, long kills, long failures, long lastStopMillis, Map<String, Long> stops) {
    /** Nothing has happened. */
    public static final InstanceCounters NONE = new InstanceCounters(0, 0, 0, 0, -1, Map.of());

    /** Copies the map. */
    public InstanceCounters {
        stops = Map.copyOf(stops);
    }

    /** How many stops there were. */
    public long allStops() {
        long all = 0;
        for (long count : stops.values()) {
            all += count;
        }
        return all;
    }
}
