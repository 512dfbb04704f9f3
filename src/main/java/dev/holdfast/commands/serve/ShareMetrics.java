package dev.holdfast.commands.serve;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.control.ControlAnswer;
import dev.holdfast.instance.SharedClients;
import dev.holdfast.json.jackson.Json;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.registry.InstanceEntry;
import dev.holdfast.registry.InstanceRecord;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The numbers of shared servers, which their launchers are asked for: how many clients, and what became of their requests. */
final class ShareMetrics {
    private static final String PREFIX = "holdfast_";
    private static final double MICROS = 1e6;

    private final Map<InstanceRecord, JsonNode> shared;

    /**
     * Of what is known already.
     *
     * @param shared what each launcher has told
     */
    ShareMetrics(Map<InstanceRecord, JsonNode> shared) {
        this.shared = shared;
    }

    /** Asks. Blocks for a second for each launcher that does not answer. */
    static ShareMetrics of(List<InstanceEntry.Known> live) {
        Map<InstanceRecord, JsonNode> shared = new LinkedHashMap<>();
        for (InstanceEntry.Known entry : live) {
            InstanceRecord record = entry.record();
            SharedClients.of(LockFile.at(record.lockFile()), record.lock())
                    .flatMap(Json::read)
                    .ifPresent(answer -> shared.put(record, answer.path(ControlAnswer.SHARE)));
        }
        return new ShareMetrics(shared);
    }

    /** None where nothing is shared. */
    List<MetricSnapshot> snapshots() {
        if (shared.isEmpty()) {
            return List.of();
        }
        List<MetricSnapshot> all = new ArrayList<>(List.of(
                gauge(
                        "clients",
                        "Clients that share the server",
                        share -> share.path("clients").size()),
                gauge("open", "Requests that the server has not answered", share -> number(share, "open")),
                gauge("queue_length", "Requests that wait for their turn", share -> number(share, "queued")),
                counter("requests", "Clients' requests, by what became of them", "requests", "method", "outcome"),
                counter("dropped", "Messages that went to nobody", "dropped", "what"),
                bytes(),
                timing("request_seconds", "From a request's sending to its answer", "seconds"),
                timing("queue_seconds", "How long requests waited for their turn", "queueSeconds")));
        if (shared.values().stream()
                .anyMatch(share -> !share.at("/totals/tools").isEmpty())) {
            all.add(counter("tool_calls", "Calls of tools, by what became of them", "tools", "tool", "outcome"));
        }
        return all;
    }

    private static double number(JsonNode share, String key) {
        return share.path(key).asDouble();
    }

    private static Labels labels(InstanceRecord record) {
        return Labels.of("instance", record.instanceId(), "name", record.name());
    }

    private GaugeSnapshot gauge(String name, String help, ToDoubleFunction<JsonNode> value) {
        GaugeSnapshot.Builder metric =
                GaugeSnapshot.builder().name(PREFIX + name).help(help);
        shared.forEach((record, share) -> metric.dataPoint(GaugeDataPointSnapshot.builder()
                .labels(labels(record))
                .value(value.applyAsDouble(share))
                .build()));
        return metric.build();
    }

    /** Of a list of totals: each of its objects has the labels' values beside a count. */
    private CounterSnapshot counter(String name, String help, String list, String... labels) {
        CounterSnapshot.Builder metric =
                CounterSnapshot.builder().name(PREFIX + name).help(help);
        shared.forEach((record, share) -> share.path("totals").path(list).forEach(each -> {
            Labels all = labels(record);
            for (String label : labels) {
                all = all.add(label, each.path(label).asText());
            }
            metric.dataPoint(point(all, each.path("count").asDouble()));
        }));
        return metric.build();
    }

    private CounterSnapshot bytes() {
        CounterSnapshot.Builder metric =
                CounterSnapshot.builder().name(PREFIX + "bytes").help("Bytes of messages, by which way they went");
        shared.forEach((record, share) -> share.at("/totals/bytes")
                .properties()
                .forEach(each -> metric.dataPoint(point(
                        labels(record).add("direction", each.getKey()),
                        each.getValue().asDouble()))));
        return metric.build();
    }

    private static CounterDataPointSnapshot point(Labels labels, double value) {
        return CounterDataPointSnapshot.builder().labels(labels).value(value).build();
    }

    private HistogramSnapshot timing(String name, String help, String key) {
        HistogramSnapshot.Builder metric =
                HistogramSnapshot.builder().name(PREFIX + name).help(help);
        shared.forEach((record, share) -> {
            JsonNode timing = share.path("totals").path(key);
            ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
            JsonNode bounds = timing.path("boundsMicros");
            for (int i = 0; i <= bounds.size(); i++) {
                double bound = i == bounds.size()
                        ? Double.POSITIVE_INFINITY
                        : bounds.get(i).asDouble() / MICROS;
                buckets.bucket(bound, timing.path("counts").path(i).asLong());
            }
            metric.dataPoint(HistogramDataPointSnapshot.builder()
                    .labels(labels(record))
                    .classicHistogramBuckets(buckets.build())
                    .sum(number(timing, "sumMicros") / MICROS)
                    .build());
        });
        return metric.build();
    }
}
