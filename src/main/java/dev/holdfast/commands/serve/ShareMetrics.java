package dev.holdfast.commands.serve;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.control.ControlAnswer;
import dev.holdfast.instance.SharedClients;
import dev.holdfast.json.jackson.Json;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.registry.InstanceEntry;
import dev.holdfast.registry.InstanceRecord;
import dev.holdfast.share.metrics.ShareSnapshots;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Asks the hosts of shared servers for their numbers. */
final class ShareMetrics {
    private ShareMetrics() {}

    /** Asks. Blocks for a second for each launcher that does not answer. */
    static List<MetricSnapshot> of(List<InstanceEntry.Known> live) {
        Map<Labels, JsonNode> shared = new LinkedHashMap<>();
        for (InstanceEntry.Known entry : live) {
            InstanceRecord record = entry.record();
            SharedClients.of(LockFile.at(record.lockFile()), record.lock())
                    .flatMap(Json::read)
                    .ifPresent(answer -> shared.put(
                            ShareSnapshots.labels(record.instanceId(), record.name()),
                            answer.path(ControlAnswer.SHARE)));
        }
        return new ShareSnapshots(shared).snapshots();
    }
}
