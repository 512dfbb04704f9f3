package dev.holdfast.registry;

import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.posix.processes.ProcFs;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.settings.HandOff;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Records to put into a folder. */
final class Records {
    /** A process that surely is not there any more: this very pid, of another one. */
    static final ProcessIdentity GONE = new ProcessIdentity(Self.pid(), 1, 1);

    private Records() {}

    /** Of a launcher, and no server yet. */
    static InstanceRecord of(ProcessIdentity launcher, String instanceId) {
        return new InstanceRecord(
                LockRecord.starting(
                        launcher,
                        "orders",
                        "stdio",
                        "1.0.0",
                        instanceId,
                        Duration.ofSeconds(5),
                        new LockRecord.Care(Optional.of(HandOff.SUPERVISE), false)),
                "/no/such/orders.lock",
                new InstanceFacts(
                        "takes \"orders\"\u2028for \u00e4ll",
                        "127.0.0.1",
                        8080,
                        List.of(new DataDirectory("/data/a", "1f:2"), new DataDirectory("/data/b", ""))),
                new Configuration(
                        "ab",
                        "cd",
                        List.of(
                                new ConfigurationPart("arguments", "01", false),
                                new ConfigurationPart("env:LOG", "02", true))),
                "2026-05-02T09:14:03.875Z",
                30,
                new InstanceCounters(1, 2, 3, 4, 5, Map.of("restart", 1L)));
    }

    /** The same as the server that took the launcher's place. */
    static InstanceRecord afterExec(InstanceRecord record) {
        return new InstanceRecord(
                record.lock(),
                record.lockFile(),
                InstanceFacts.NONE,
                Configuration.UNKNOWN,
                record.lastHeartbeat(),
                0,
                InstanceCounters.NONE);
    }

    static InstanceRecord withServer(InstanceRecord record, ProcessIdentity server) {
        return with(record, record.lock().withServer(server, LockRecord.State.READY));
    }

    static InstanceRecord withLockFile(InstanceRecord record, String path) {
        return new InstanceRecord(
                record.lock(),
                path,
                record.facts(),
                record.configuration(),
                record.lastHeartbeat(),
                record.heartbeatSeconds(),
                record.counters());
    }

    static InstanceRecord beatenAt(InstanceRecord record, String time) {
        return new InstanceRecord(
                record.lock(),
                record.lockFile(),
                record.facts(),
                record.configuration(),
                time,
                record.heartbeatSeconds(),
                record.counters());
    }

    /** As another boot would have written it, or another namespace. */
    static String elsewhere(InstanceRecord record, boolean isOtherBoot) {
        String json = new String(record.bytes(), StandardCharsets.UTF_8);
        return isOtherBoot
                ? json.replace(ProcFs.bootId(), "01234567-89ab-cdef-0123-456789abcdef")
                : json.replace(
                        "\"pidNamespace\":" + ProcFs.pidNamespace(Self.pid()).orElse(0), "\"pidNamespace\":1");
    }

    private static InstanceRecord with(InstanceRecord record, LockRecord lock) {
        return new InstanceRecord(
                lock,
                record.lockFile(),
                record.facts(),
                record.configuration(),
                record.lastHeartbeat(),
                record.heartbeatSeconds(),
                record.counters());
    }
}
