package dev.holdfast.share.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.jackson.Json;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a launcher tells of the clients that share its server, as Prometheus reads it. */
class ShareSnapshotsTest {
    private static final String TOLD = """
            {"era":"legacy","protocolVersion":"2025-06-18","clients":[{"id":1},{"id":4}],"open":3,"queued":2,"restarts":1,
             "uptimeMillis":5000,"totals":{
              "requests":[{"method":"tools/call","outcome":"ok","count":7},{"method":"other","outcome":"lost","count":1}],
              "tools":[],
              "seconds":{"boundsMicros":[1000,5000],"counts":[4,2,1],"sumMicros":1500000},
              "queueSeconds":{"boundsMicros":[1000,5000],"counts":[0,0,0],"sumMicros":0},
              "bytes":{"fromClients":10,"toClients":20,"fromServer":30,"toServer":40},
              "dropped":[{"what":"no_message","count":9}]}}""";

    private static final Labels LABELS = ShareSnapshots.labels("7-a1b2c3d4", "orders");

    private static String text(String told) throws IOException {
        ShareSnapshots metrics = new ShareSnapshots(
                Map.of(LABELS, Json.read(told.getBytes(StandardCharsets.UTF_8)).orElseThrow()));
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        metrics.snapshots().forEach(all::metricSnapshot);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrometheusTextFormatWriter.create().write(text, all.build());
        return text.toString(StandardCharsets.UTF_8).replace("instance=\"7-a1b2c3d4\",name=\"orders\"", "*");
    }

    @Test
    void everythingThatIsToldIsANumber() throws IOException {
        assertThat(text(TOLD).lines().filter(line -> !line.startsWith("#")))
                .containsExactlyInAnyOrder(
                        "holdfast_clients{*} 2.0",
                        "holdfast_open{*} 3.0",
                        "holdfast_queue_length{*} 2.0",
                        "holdfast_requests_total{instance=\"7-a1b2c3d4\",method=\"tools/call\",name=\"orders\",outcome=\"ok\"} 7.0",
                        "holdfast_requests_total{instance=\"7-a1b2c3d4\",method=\"other\",name=\"orders\",outcome=\"lost\"} 1.0",
                        "holdfast_dropped_total{*,what=\"no_message\"} 9.0",
                        "holdfast_bytes_total{direction=\"fromClients\",*} 10.0",
                        "holdfast_bytes_total{direction=\"toClients\",*} 20.0",
                        "holdfast_bytes_total{direction=\"fromServer\",*} 30.0",
                        "holdfast_bytes_total{direction=\"toServer\",*} 40.0",
                        "holdfast_request_seconds_bucket{*,le=\"0.001\"} 4",
                        "holdfast_request_seconds_bucket{*,le=\"0.005\"} 6",
                        "holdfast_request_seconds_bucket{*,le=\"+Inf\"} 7",
                        "holdfast_request_seconds_count{*} 7",
                        "holdfast_request_seconds_sum{*} 1.5",
                        "holdfast_queue_seconds_bucket{*,le=\"0.001\"} 0",
                        "holdfast_queue_seconds_bucket{*,le=\"0.005\"} 0",
                        "holdfast_queue_seconds_bucket{*,le=\"+Inf\"} 0",
                        "holdfast_queue_seconds_count{*} 0",
                        "holdfast_queue_seconds_sum{*} 0.0");
    }

    @Test
    void toolsAreToldApartWhenTheyAreCounted() throws IOException {
        String told = TOLD.replace("\"tools\":[]", "\"tools\":[{\"tool\":\"echo\",\"outcome\":\"ok\",\"count\":7}]");
        assertThat(text(told)).contains("holdfast_tool_calls_total{*,outcome=\"ok\",tool=\"echo\"} 7.0");
    }

    @Test
    void nothingIsSaidWhereNothingIsShared() {
        assertThat(new ShareSnapshots(Map.of()).snapshots()).isEmpty();
    }
}
