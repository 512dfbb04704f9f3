package dev.holdfast.share.metrics;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The numbers of shared servers: how many clients, and what became of their requests. Made of what their hosts tell. */
public final class ShareSnapshots {
    private static final String PREFIX = "holdfast_";
    private static final double MICROS = 1e6;

    private final Map<Labels, JsonNode> shared;

    /**
     * Of what is known already.
     *
     * @param shared what each host has told, and by which labels its numbers are known
     */
    public ShareSnapshots(Map<Labels, JsonNode> shared) {
        this.shared = shared;
    }

    /** By what the numbers of an instance are known. */
    public static Labels labels(String instanceId, String name) {
        return Labels.of("instance", instanceId, "name", name);
    }

    /** None where nothing is shared. */
    public List<MetricSnapshot> snapshots() {
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

    private GaugeSnapshot gauge(String name, String help, ToDoubleFunction<JsonNode> value) {
        GaugeSnapshot.Builder metric =
                GaugeSnapshot.builder().name(PREFIX + name).help(help);
        shared.forEach((labels, share) -> metric.dataPoint(GaugeDataPointSnapshot.builder()
                .labels(labels)
                .value(value.applyAsDouble(share))
                .build()));
        return metric.build();
    }

    /** Of a list of totals: each of its objects has the labels' values beside a count. */
    private CounterSnapshot counter(String name, String help, String list, String... keys) {
        CounterSnapshot.Builder metric =
                CounterSnapshot.builder().name(PREFIX + name).help(help);
        shared.forEach((labels, share) -> share.path("totals").path(list).forEach(each -> {
            Labels all = labels;
            for (String key : keys) {
                all = all.add(key, each.path(key).asText());
            }
            metric.dataPoint(point(all, each.path("count").asDouble()));
        }));
        return metric.build();
    }

    private CounterSnapshot bytes() {
        CounterSnapshot.Builder metric =
                CounterSnapshot.builder().name(PREFIX + "bytes").help("Bytes of messages, by which way they went");
        shared.forEach((labels, share) -> share.at("/totals/bytes")
                .properties()
                .forEach(each -> metric.dataPoint(point(
                        labels.add("direction", each.getKey()), each.getValue().asDouble()))));
        return metric.build();
    }

    private static CounterDataPointSnapshot point(Labels labels, double value) {
        return CounterDataPointSnapshot.builder().labels(labels).value(value).build();
    }

    private HistogramSnapshot timing(String name, String help, String key) {
        HistogramSnapshot.Builder metric =
                HistogramSnapshot.builder().name(PREFIX + name).help(help);
        shared.forEach((labels, share) -> {
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
                    .labels(labels)
                    .classicHistogramBuckets(buckets.build())
                    .sum(number(timing, "sumMicros") / MICROS)
                    .build());
        });
        return metric.build();
    }
}
