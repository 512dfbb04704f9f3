package dev.holdfast.commands.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.commands.OtherCommands;
import dev.holdfast.control.ControlAnswer;
import dev.holdfast.instance.Inspection;
import dev.holdfast.instance.SharedClients;
import dev.holdfast.instance.StatusReport;
import dev.holdfast.json.jackson.Json;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.process.ProcessIdentity;
import java.util.List;

/** What {@code status --json} says: the record with its own keys, and what was found out about it. */
public final class StatusJson implements OtherCommands.StatusFormat {
    @Override
    public String of(StatusReport report) {
        return Json.line(node(report));
    }

    @Override
    public String of(List<StatusReport> reports) {
        ArrayNode array = Json.array();
        reports.forEach(report -> array.add(node(report)));
        return Json.line(array);
    }

    private static ObjectNode node(StatusReport report) {
        Inspection inspection = report.inspection();
        ObjectNode node = Json.object();
        inspection.record().ifPresent(record -> put(node, record));
        node.put("name", report.name());
        node.put("verdict", inspection.verdict().word());
        node.put("lockFile", inspection.lockFile().path());
        ArrayNode holders = node.putArray("holders");
        inspection.pids().forEach(holders::add);
        if (!inspection.reason().isEmpty()) {
            node.put("reason", inspection.reason());
        }
        SharedClients.of(inspection)
                .flatMap(Json::read)
                .ifPresent(answer -> node.set(ControlAnswer.SHARE, answer.get(ControlAnswer.SHARE)));
        return node;
    }

    private static void put(ObjectNode node, LockRecord record) {
        node.put("pid", record.launcher().pid());
        node.put("startTime", record.startTime());
        node.put("transport", record.transport());
        node.put("version", record.version());
        node.put("instanceId", record.instanceId());
        node.put("state", StatusReport.state(record.state()));
        if (!record.statusText().isEmpty()) {
            node.put("statusText", record.statusText());
        }
        node.put("lockTicks", record.lockTicks());
        node.put("graceMillis", record.graceMillis());
        node.put("bootId", record.bootId());
        node.put("pidNamespace", record.pidNamespace());
        node.put("startTicks", record.launcher().startTicks());
        node.put("pidfdId", record.launcher().uniqueId());
        if (record.server().isPresent()) {
            ProcessIdentity server = record.server().get();
            node.put("serverPid", server.pid());
            node.put("serverStartTicks", server.startTicks());
            node.put("serverPidfdId", server.uniqueId());
        }
        if (record.besidePid() > 0) {
            node.put("besidePid", record.besidePid());
        }
        record.care().handOff().ifPresent(handOff -> node.put("handOff", handOff.toString()));
        node.put("watched", record.care().isWatched());
        if (record.care().isShared()) {
            node.put("shared", true);
        }
        if (record.stopByTicks() >= 0) {
            node.put("stopByTicks", record.stopByTicks());
        }
        node.put("holdfast", record.holdfast());
        if (!record.host().isEmpty()) {
            node.put("host", record.host());
        }
    }
}
