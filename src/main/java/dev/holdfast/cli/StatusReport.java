package dev.holdfast.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.guard.Inspection;
import dev.holdfast.guard.RecordText;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.process.ProcessIdentity;
import java.util.List;
import java.util.Locale;

/**
 * What {@code status} says of one instance, for people and as JSON.
 *
 * @param name the instance
 * @param inspection what was found
 */
record StatusReport(String name, Inspection inspection) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    ExitCode exitCode() {
        return switch (inspection.verdict()) {
            case RUNNING, ANSWERING, ORPHANED -> ExitCode.OK;
            case STALE -> ExitCode.DEAD;
            case UNVERIFIABLE -> ExitCode.UNKNOWN;
            case NOT_RUNNING -> ExitCode.NOT_RUNNING;
        };
    }

    String text() {
        String lockFile = "\n  lock file  " + inspection.lockFile().path();
        return switch (inspection.verdict()) {
            case RUNNING ->
                name + ": "
                        + inspection
                                .record()
                                .map(record -> state(record.state()))
                                .orElse("running") + ", pid " + pids() + server() + details() + lockFile
                        + " (held, verified)" + statusText();
            case ANSWERING ->
                name + ": "
                        + inspection
                                .record()
                                .map(record -> state(record.state()) + ", pid "
                                        + record.launcher().pid())
                                .orElse("running")
                        + server() + RecordText.host(inspection.record()) + details()
                        + lockFile + " (held, its launcher answers from another pid namespace)" + statusText();
            case ORPHANED ->
                name + ": orphaned, its launcher was killed; server pid " + pids() + details() + lockFile
                        + " (held, verified)\n  stop it    holdfast stop " + name;
            case STALE -> name + ": not running; its last instance left the lock file" + lockFile + " (not held)";
            case UNVERIFIABLE ->
                name + ": cannot be verified" + details() + lockFile + "\n  why        " + inspection.reason();
            case NOT_RUNNING -> name + ": not running";
        };
    }

    /** What the server says of itself, by sd_notify(3). */
    private String statusText() {
        String said = inspection.record().map(LockRecord::statusText).orElse("");
        return said.isEmpty() ? "" : "\n  says       " + said;
    }

    private static String state(LockRecord.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private String pids() {
        StringBuilder text = new StringBuilder();
        for (int pid : inspection.pids()) {
            text.append(text.isEmpty() ? "" : ", ").append(pid);
        }
        return text.toString();
    }

    private String server() {
        return inspection
                .record()
                .flatMap(LockRecord::server)
                .filter(server -> !inspection.pids().contains(server.pid()))
                .map(server -> " (server " + server.pid() + ")")
                .orElse("");
    }

    private String details() {
        return inspection.record().map(RecordText::details).orElse("");
    }

    String json() {
        return write(node());
    }

    static String json(List<StatusReport> reports) {
        ArrayNode array = MAPPER.createArrayNode();
        reports.forEach(report -> array.add(report.node()));
        return write(array);
    }

    /** The record with its own keys, and what was found out about it. */
    private ObjectNode node() {
        ObjectNode node = MAPPER.createObjectNode();
        inspection.record().ifPresent(record -> put(node, record));
        node.put("name", name);
        node.put("verdict", inspection.verdict().word());
        node.put("lockFile", inspection.lockFile().path());
        ArrayNode holders = node.putArray("holders");
        inspection.pids().forEach(holders::add);
        if (!inspection.reason().isEmpty()) {
            node.put("reason", inspection.reason());
        }
        return node;
    }

    private static void put(ObjectNode node, LockRecord record) {
        node.put("pid", record.launcher().pid());
        node.put("startTime", record.startTime());
        node.put("transport", record.transport());
        node.put("version", record.version());
        node.put("instanceId", record.instanceId());
        node.put("state", state(record.state()));
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
        node.put("holdfast", record.holdfast());
        if (!record.host().isEmpty()) {
            node.put("host", record.host());
        }
    }

    private static String write(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
