package dev.holdfast.share.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.json.jackson.Json;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;

/** The numbers of one host, for Prometheus. */
public final class HostMetrics {
    private static final double MILLIS = 1000;

    private final String contentType;
    private final byte[] text;

    private HostMetrics(String contentType, byte[] text) {
        this.contentType = contentType;
        this.text = text;
    }

    /**
     * Makes them.
     *
     * @param accept what the asker takes, as the header of that name has it; OpenMetrics when that asks for it
     * @param report what the host tells of itself, as JSON
     */
    public static HostMetrics of(String instanceId, String name, String accept, byte[] report) {
        JsonNode told = Json.read(report).orElseThrow();
        Labels labels = ShareSnapshots.labels(instanceId, name);
        MetricSnapshots.Builder all = MetricSnapshots.builder()
                .metricSnapshot(GaugeSnapshot.builder()
                        .name("holdfast_uptime_seconds")
                        .help("Time since the host began")
                        .dataPoint(GaugeDataPointSnapshot.builder()
                                .labels(labels)
                                .value(told.path("uptimeMillis").asLong() / MILLIS)
                                .build())
                        .build())
                .metricSnapshot(CounterSnapshot.builder()
                        .name("holdfast_restarts")
                        .help("Starts of the server after the first one")
                        .dataPoint(CounterDataPointSnapshot.builder()
                                .labels(labels)
                                .value(told.path("restarts").asDouble())
                                .build())
                        .build());
        new ShareSnapshots(Map.of(labels, told)).snapshots().forEach(all::metricSnapshot);
        OpenMetricsTextFormatWriter open = OpenMetricsTextFormatWriter.create();
        ExpositionFormatWriter writer = open.accepts(accept) ? open : PrometheusTextFormatWriter.create();
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            writer.write(text, all.build());
        } catch (IOException e) {
            throw new IllegalStateException(e); // into memory
        }
        return new HostMetrics(writer.getContentType(), text.toByteArray());
    }

    /** What the text is. */
    public String contentType() {
        return contentType;
    }

    /** All of it. */
    public byte[] text() {
        return text;
    }
}
