package dev.holdfast.registry;

import dev.holdfast.json.FlatObject;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.text.RecordTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What an instance says of itself in the registry. A description: nothing in it is trusted before it is proved.
 *
 * @param lock what its lock record says: name, identities, state, version, transport, times
 * @param lockFile the path of its lock file; empty when it has none
 * @param facts what was said of it
 * @param configuration what it is made of
 * @param lastHeartbeat when this was written, ISO 8601 in UTC
 * @param heartbeatSeconds how often it is written again; 0 for never, as after {@code --handoff exec}
 * @param counters what has happened to it
 * @param machine what its machine is known by; empty when that is not known
 */
public record InstanceRecord(
        LockRecord lock,
        String lockFile,
        InstanceFacts facts,
        Configuration configuration,
        String lastHeartbeat,
        long heartbeatSeconds,
        InstanceCounters counters,
        String machine) {
    /** The longest description, and the longest address. */
    public static final int LONGEST_TEXT = 200;

    /** The state of a server that took its launcher's place: nobody is left to say more. */
    private static final String EXEC = "exec";

    /** Of a machine that is not known. */
    public InstanceRecord(
            LockRecord lock,
            String lockFile,
            InstanceFacts facts,
            Configuration configuration,
            String lastHeartbeat,
            long heartbeatSeconds,
            InstanceCounters counters) {
        this(lock, lockFile, facts, configuration, lastHeartbeat, heartbeatSeconds, counters, "");
    }

    /**
     * Reads a record.
     *
     * @param utf8 the whole of a file
     * @return the record; empty when it is none, or says something impossible
     */
    public static Optional<InstanceRecord> parse(byte[] utf8) {
        Optional<FlatObject> object = FlatObject.parse(utf8);
        return object.isEmpty() ? Optional.empty() : InstanceRecordFormat.of(object.get());
    }

    /** The text of its file: JSON, ended by a newline. */
    public byte[] bytes() {
        return InstanceRecordFormat.bytes(this);
    }

    /** Its id, such as {@code 12345-a1b2c3d4}. */
    public String instanceId() {
        return lock.instanceId();
    }

    /** Its name. */
    public String name() {
        return lock.name();
    }

    /** What was said of it, for people; empty for nothing. */
    public String description() {
        return facts.description();
    }

    /** Where it serves, when that was said; else empty. */
    public String address() {
        return facts.address();
    }

    /** The port where it serves, when that was said; else 0. */
    public int port() {
        return facts.port();
    }

    /** The folders of its data, when they were said. */
    public List<DataDirectory> directories() {
        return facts.directories();
    }

    /** Whether nobody writes it again, since the server took its launcher's place. */
    public boolean isAfterExec() {
        return heartbeatSeconds == 0;
    }

    /** Its state in a word: that of the lock record, or {@code exec}. */
    public String state() {
        return isAfterExec() ? EXEC : lock.state().name().toLowerCase(Locale.ROOT);
    }

    /** How many seconds it has run, by the clock; not negative. */
    public long ageSeconds() {
        return Math.max(
                0,
                System.currentTimeMillis() / 1000
                        - RecordTime.epochSecond(lock.startTime()).orElse(0));
    }

    /** Whether it was written in this boot and pid namespace, so that its pids mean something here. */
    public boolean isOfHere(String bootId, long pidNamespace) {
        return lock.isOf(bootId, pidNamespace);
    }
}
