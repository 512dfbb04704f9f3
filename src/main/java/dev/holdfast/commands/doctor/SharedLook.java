package dev.holdfast.commands.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.control.ControlAnswer;
import dev.holdfast.instance.SharedClients;
import dev.holdfast.json.jackson.Json;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.registry.InstanceEntry;
import dev.holdfast.registry.InstanceRecord;
import dev.holdfast.text.Printable;
import java.util.ArrayList;
import java.util.List;

/** What speaks against that servers are shared, as far as their launchers have seen. */
final class SharedLook {
    private SharedLook() {}

    /** Asks each launcher. Blocks for a second for each that does not answer. */
    static List<Finding> findings(List<InstanceEntry> entries) {
        List<Finding> findings = new ArrayList<>();
        for (InstanceEntry entry : entries) {
            if (entry instanceof InstanceEntry.Active active) {
                InstanceRecord record = active.record();
                SharedClients.of(LockFile.at(record.lockFile()), record.lock())
                        .flatMap(Json::read)
                        .ifPresent(answer -> findings.addAll(of(record.name(), answer.path(ControlAnswer.SHARE))));
            }
        }
        return findings;
    }

    /** What one launcher has told. */
    static List<Finding> of(String name, JsonNode share) {
        List<Finding> findings = new ArrayList<>();
        for (JsonNode warning : share.path("warnings")) {
            findings.add(new Finding(
                    warning.path("kind").asText(),
                    "\"" + name + "\" is shared, and "
                            + Printable.line(warning.path("details").asText()),
                    Printable.line(warning.path("remedy").asText())));
        }
        return findings;
    }
}
