package dev.holdfast.commands.serve;

import dev.holdfast.commands.health.Overview;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.registry.InstanceEntry;
import dev.holdfast.registry.InstanceRecord;
import dev.holdfast.registry.conflict.Conflict;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.StateSetSnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * The numbers of all instances that run, for Prometheus. They are made when they are asked for, so the series of an instance
 * end with it. Each has the label {@code instance}, the instance's id, and {@code name}.
 */
final class Metrics {
    private static final double KILO = 1024;
    private static final double MILLIS = 1000;
    private static final String UNVERIFIED = "orphaned";
    private static final String EXEC = "exec";

    private final Overview overview;
    private final List<InstanceEntry.Known> live;
    private final Map<String, LifeCounts.Counts> counts;

    /** Of what there is. */
    Metrics(Overview overview, LifeCounts life) {
        this.overview = overview;
        live = overview.live();
        counts = life.of(live.stream().map(InstanceEntry.Known::record).toList());
    }

    /**
     * The text.
     *
     * @param accept what the asker takes, as the header of that name has it; OpenMetrics when that asks for it
     */
    Reply reply(String accept) {
        OpenMetricsTextFormatWriter open = OpenMetricsTextFormatWriter.create();
        ExpositionFormatWriter writer = open.accepts(accept) ? open : PrometheusTextFormatWriter.create();
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            writer.write(text, snapshots());
        } catch (IOException e) {
            throw new IllegalStateException(e); // into memory
        }
        return new Reply(Reply.OK, writer.getContentType(), text.toString(StandardCharsets.UTF_8), Map.of());
    }

    private MetricSnapshots snapshots() {
        MetricSnapshots.Builder all = MetricSnapshots.builder()
                .metricSnapshot(gauge(
                        "holdfast_uptime_seconds",
                        "Time since the launcher took the lock",
                        entry -> OptionalDouble.of((double) entry.record().ageSeconds())))
                .metricSnapshot(states())
                .metricSnapshot(counter(
                        "holdfast_restarts",
                        "Starts of the server after the first one",
                        entry -> entry.record().counters().restarts()))
                .metricSnapshot(counter(
                        "holdfast_reloads",
                        "Times that the server was told to read its configuration again",
                        entry -> entry.record().counters().reloads()))
                .metricSnapshot(counter(
                        "holdfast_kills",
                        "Stops that ended by SIGKILL",
                        entry -> entry.record().counters().kills()))
                .metricSnapshot(counter(
                        "holdfast_failures",
                        "Ends of the server that nobody had asked for, with another exit code than 0",
                        entry -> entry.record().counters().failures()))
                .metricSnapshot(stops())
                .metricSnapshot(gauge(
                        "holdfast_last_stop_seconds",
                        "How long the last stop took, from the signal until nothing was left",
                        Metrics::lastStop))
                .metricSnapshot(stopDurations())
                .metricSnapshot(conflicts())
                .metricSnapshot(counter(
                        "holdfast_refusals",
                        "Starts that were refused since this instance runs",
                        entry -> counts(entry).refusals()))
                .metricSnapshot(gauge(
                        "holdfast_lock_wait_seconds",
                        "From the launcher's start until it had the lock",
                        entry -> lockWait(entry.record().lock())))
                .metricSnapshot(gauge(
                        "holdfast_memory_bytes",
                        "Resident memory of the launcher, the server and all of their descendants",
                        entry -> OptionalDouble.of(KILO
                                * overview.kilobytes()
                                        .getOrDefault(entry.record().instanceId(), 0L))));
        ShareMetrics.of(live).forEach(all::metricSnapshot);
        return all.build();
    }

    private LifeCounts.Counts counts(InstanceEntry.Known entry) {
        return counts.getOrDefault(entry.record().instanceId(), new LifeCounts.Counts(0, 0, 0));
    }

    private static Labels labels(InstanceRecord record) {
        return Labels.of("instance", record.instanceId(), "name", record.name());
    }

    private GaugeSnapshot gauge(String name, String help, Function<InstanceEntry.Known, OptionalDouble> value) {
        GaugeSnapshot.Builder metric = GaugeSnapshot.builder().name(name).help(help);
        for (InstanceEntry.Known entry : live) {
            OptionalDouble known = value.apply(entry);
            if (known.isPresent()) {
                metric.dataPoint(GaugeDataPointSnapshot.builder()
                        .labels(labels(entry.record()))
                        .value(known.getAsDouble())
                        .build());
            }
        }
        return metric.build();
    }

    private CounterSnapshot counter(String name, String help, ToLongFunction<InstanceEntry.Known> value) {
        CounterSnapshot.Builder metric = CounterSnapshot.builder().name(name).help(help);
        for (InstanceEntry.Known entry : live) {
            metric.dataPoint(point(labels(entry.record()), value.applyAsLong(entry)));
        }
        return metric.build();
    }

    private static CounterDataPointSnapshot point(Labels labels, long value) {
        return CounterDataPointSnapshot.builder()
                .labels(labels)
                .value((double) value)
                .build();
    }

    private CounterSnapshot stops() {
        CounterSnapshot.Builder metric =
                CounterSnapshot.builder().name("holdfast_stops").help("Stops of the server, by their reason");
        for (InstanceEntry.Known entry : live) {
            entry.record()
                    .counters()
                    .stops()
                    .forEach((reason, count) ->
                            metric.dataPoint(point(labels(entry.record()).add("reason", reason), count)));
        }
        return metric.build();
    }

    private static OptionalDouble lastStop(InstanceEntry.Known entry) {
        long millis = entry.record().counters().lastStopMillis();
        return millis < 0 ? OptionalDouble.empty() : OptionalDouble.of(millis / MILLIS);
    }

    private SummarySnapshot stopDurations() {
        SummarySnapshot.Builder metric = SummarySnapshot.builder()
                .name("holdfast_stop_duration_seconds")
                .help("How long the stops for restarts took, as far as the history tells");
        for (InstanceEntry.Known entry : live) {
            metric.dataPoint(SummarySnapshot.SummaryDataPointSnapshot.builder()
                    .labels(labels(entry.record()))
                    .count(counts(entry).stops())
                    .sum(counts(entry).stopSeconds())
                    .build());
        }
        return metric.build();
    }

    /** Both instances of a conflict have it. */
    private GaugeSnapshot conflicts() {
        GaugeSnapshot.Builder metric = GaugeSnapshot.builder()
                .name("holdfast_conflicts")
                .help("Conflicts with other instances, by their type");
        for (InstanceEntry.Known entry : live) {
            String id = entry.record().instanceId();
            for (Conflict.Type type : Conflict.Type.values()) {
                long count = overview.conflicts().stream()
                        .filter(conflict -> conflict.type() == type && concerns(conflict, id))
                        .count();
                if (type != Conflict.Type.STALE_INSTANCE) {
                    metric.dataPoint(GaugeDataPointSnapshot.builder()
                            .labels(labels(entry.record()).add("type", type.word()))
                            .value((double) count)
                            .build());
                }
            }
        }
        return metric.build();
    }

    private static boolean concerns(Conflict conflict, String id) {
        return conflict.instance().instanceId().equals(id)
                || conflict.other()
                        .map(InstanceRecord::instanceId)
                        .map(id::equals)
                        .orElse(false);
    }

    private StateSetSnapshot states() {
        StateSetSnapshot.Builder metric =
                StateSetSnapshot.builder().name("holdfast_state").help("What the instance does: one state is 1");
        for (InstanceEntry.Known entry : live) {
            String now = entry instanceof InstanceEntry.Active ? entry.record().state() : UNVERIFIED;
            StateSetSnapshot.StateSetDataPointSnapshot.Builder states =
                    StateSetSnapshot.StateSetDataPointSnapshot.builder().labels(labels(entry.record()));
            for (LockRecord.State state : LockRecord.State.values()) {
                String word = state.name().toLowerCase(Locale.ROOT);
                states.state(word, word.equals(now));
            }
            metric.dataPoint(states.state(UNVERIFIED, UNVERIFIED.equals(now))
                    .state(EXEC, EXEC.equals(now))
                    .build());
        }
        return metric.build();
    }

    private static OptionalDouble lockWait(LockRecord record) {
        long ticks = record.lockTicks() - record.launcher().startTicks();
        boolean isKnown = record.lockTicks() >= 0 && record.launcher().startTicks() >= 0 && ticks >= 0;
        return isKnown ? OptionalDouble.of(ticks * Self.MILLIS_PER_TICK / MILLIS) : OptionalDouble.empty();
    }
}
