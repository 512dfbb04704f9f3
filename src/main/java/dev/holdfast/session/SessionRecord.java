package dev.holdfast.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.json.jackson.Json;
import dev.holdfast.posix.processes.ProcFs;
import dev.holdfast.posix.processes.ProcessDescriptor;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.registry.Machine;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * What a session's file says of it.
 *
 * @param leader the process whose end is the session's; empty when the session was named
 * @param leaderName that process's name when the session began; empty when there is none
 * @param pidNamespace in which the leader's pid counts; 0 when it is not known
 * @param bootId of the boot in which its start counts
 * @param machine what the machine is known by; empty when that is not known
 * @param host the host name
 * @param began when, to a second
 */
public record SessionRecord(
        Optional<ProcessIdentity> leader,
        String leaderName,
        long pidNamespace,
        String bootId,
        String machine,
        String host,
        Instant began) {
    private static final String LEADER = "leader";

    /** Of a session that begins now, here. */
    public static SessionRecord starting(SessionChoice choice) {
        return new SessionRecord(
                choice.leader(),
                choice.leader().map(process -> ProcFs.name(process.pid())).orElse(""),
                ownNamespace(),
                ProcFs.bootId(),
                Machine.id(),
                Self.hostName(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS));
    }

    private static long ownNamespace() {
        return ProcFs.pidNamespace(Self.pid()).orElse(0);
    }

    /** Reads a file; empty when it is no record. */
    static Optional<SessionRecord> parse(byte[] utf8) {
        return Json.read(utf8).filter(JsonNode::isObject).flatMap(SessionRecord::of);
    }

    private static Optional<SessionRecord> of(JsonNode node) {
        Optional<ProcessIdentity> leader = Optional.empty();
        if (node.hasNonNull(LEADER)) {
            JsonNode process = node.get(LEADER);
            int pid = process.path("pid").asInt(0);
            if (pid <= 0) {
                return Optional.empty();
            }
            leader = Optional.of(new ProcessIdentity(
                    pid,
                    process.path("start_ticks").asLong(-1),
                    process.path("unique_id").asLong(0)));
        }
        String bootId = node.path("boot_id").asText("");
        long began = node.path("began").asLong(-1);
        if (bootId.isEmpty() || began < 0) {
            return Optional.empty();
        }
        return Optional.of(new SessionRecord(
                leader,
                node.path("leader_name").asText(""),
                node.path("pid_namespace").asLong(0),
                bootId,
                node.path("machine").asText(""),
                node.path("host").asText(""),
                Instant.ofEpochSecond(began)));
    }

    /** The file's text. */
    byte[] bytes() {
        ObjectNode node = Json.object();
        if (leader.isPresent()) {
            ObjectNode process = node.putObject(LEADER);
            process.put("pid", leader.get().pid());
            process.put("start_ticks", leader.get().startTicks());
            process.put("unique_id", leader.get().uniqueId());
        }
        node.put("leader_name", leaderName);
        node.put("pid_namespace", pidNamespace);
        node.put("boot_id", bootId);
        node.put("machine", machine);
        node.put("host", host);
        node.put("began", began.getEpochSecond());
        return (Json.line(node) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Looks at the leader. Never blocks. */
    public SessionState state() {
        if (!bootId.equals(ProcFs.bootId())) {
            return Machine.isOfEarlierBoot(machine, host, bootId, began.getEpochSecond())
                    ? SessionState.DEAD
                    : SessionState.ELSEWHERE;
        }
        if (leader.isEmpty()) {
            return SessionState.KEPT;
        }
        if (pidNamespace == 0 || pidNamespace != ownNamespace()) {
            return SessionState.ELSEWHERE;
        }
        try (ProcessDescriptor process =
                ProcessDescriptor.open(leader.get().pid()).orElse(null)) {
            // A descriptor is readable as soon as the process has ended, also while its parent has not waited for it.
            if (process == null || process.hasEnded()) {
                return SessionState.DEAD;
            }
            Optional<ProcessIdentity> now = ProcessIdentity.of(process);
            if (now.isEmpty() || now.get().isAnotherProcess(leader.get())) {
                return SessionState.DEAD;
            }
            return now.get().isSameProcess(leader.get()) ? SessionState.LIVE : SessionState.ELSEWHERE;
        }
    }
}
