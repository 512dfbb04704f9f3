package dev.holdfast.lock.file;

import dev.holdfast.json.FlatObject;
import dev.holdfast.json.FlatObjectWriter;
import dev.holdfast.posix.processes.ProcFs;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.settings.HandOff;
import dev.holdfast.text.Printable;
import dev.holdfast.text.Timestamps;
import dev.holdfast.text.Version;
import java.time.Duration;
import java.util.Optional;

/**
 * What the holder of a lock says of itself in the lock file. A description for people and a hint for programs: nothing
 * in it is trusted before it is proved.
 *
 * @param name the instance
 * @param launcher the process to signal for a graceful stop; start ticks -1 when the record does not tell
 * @param instanceId pid and eight random hexadecimal digits
 * @param server the server, once it runs
 * @param besidePid the server that runs beside it during a redeploy that overlaps; 0 as a rule
 * @param transport how clients talk to the server
 * @param care how the server is looked after
 * @param version the server's version
 * @param state where in its life the instance is
 * @param statusText what the server says that it is doing; empty when it says nothing
 * @param lockTicks when the lock was taken, in clock ticks since boot; -1 when the record does not tell
 * @param startTime when the launcher took the lock, ISO 8601 in UTC
 * @param graceMillis how long a stop may take before SIGKILL
 * @param bootId of the boot in which the ticks count; empty when it is not known
 * @param pidNamespace inode number of the namespace in which the pids count; 0 when it is not known
 * @param host the host name that the launcher sees, in a container often the container's id; empty when it is not known
 * @param stopByTicks when a stop that has begun becomes SIGKILL, in clock ticks since boot; -1 when none has begun or the
 *     record does not tell
 * @param holdfast the version of Holdfast that wrote the record
 */
public record LockRecord(
        String name,
        ProcessIdentity launcher,
        String instanceId,
        Optional<ProcessIdentity> server,
        int besidePid,
        String transport,
        Care care,
        String version,
        State state,
        String statusText,
        long lockTicks,
        String startTime,
        long graceMillis,
        String bootId,
        long pidNamespace,
        String host,
        long stopByTicks,
        String holdfast) {
    /** The longest transport, version or name. With it, a record always fits into its block. */
    public static final int LONGEST_TEXT = 64;

    /** Where in its life an instance is. */
    public enum State {
        /** The lock is held; the server does not run yet, or is not ready yet. */
        STARTING,
        /** The server runs, and nothing was said of readiness. */
        RUNNING,
        /** The server is ready to serve. */
        READY,
        /** The server reads its configuration again. */
        RELOADING,
        /** The server was told to stop, or is about to end by itself. */
        STOPPING,
        /** The server ended and is about to be started again. */
        RESTARTING
    }

    /**
     * How a server is looked after; known from the record's first write.
     *
     * @param handOff whether the launcher stays; empty when the record does not tell, as one of version 1.0.0 does not
     * @param isWatched whether the server was started for a client whose end ends it
     * @param isShared whether the launcher lets several clients use the server
     */
    public record Care(Optional<HandOff> handOff, boolean isWatched, boolean isShared) {
        /** Of a server that is not shared. */
        public Care(Optional<HandOff> handOff, boolean isWatched) {
            this(handOff, isWatched, false);
        }
    }

    /** An id for a new instance, such as {@code 12345-a1b2c3d4}: this process's pid and eight random digits. */
    public static String newInstanceId() {
        String digits = Integer.toHexString(Self.randomBits());
        return Self.pid() + "-" + "0".repeat(8 - digits.length()) + digits;
    }

    /**
     * What an instance writes first of itself: this process has just taken the lock, and there is no server yet.
     *
     * @param self this process
     * @param timeToStop how long others have to be patient with a stop of it
     */
    public static LockRecord starting(
            ProcessIdentity self,
            String name,
            String transport,
            String version,
            String instanceId,
            Duration timeToStop,
            Care care) {
        return new LockRecord(
                name,
                self,
                instanceId,
                Optional.empty(),
                0,
                transport,
                care,
                version,
                State.STARTING,
                "",
                Self.ticksSinceBoot(),
                Timestamps.iso(System.currentTimeMillis()),
                timeToStop.toMillis(),
                ProcFs.bootId(),
                ProcFs.pidNamespace(Self.pid()).orElse(0),
                Self.hostName(),
                -1,
                Version.TEXT);
    }

    /**
     * A record that is part of another document.
     *
     * @param fields what {@link #addTo} has written, among others
     * @return the record; empty when it says something impossible
     */
    public static Optional<LockRecord> of(FlatObject fields) {
        return LockRecordFormat.of(fields);
    }

    /**
     * Adds what it says to another document, under the same keys as in the lock file.
     *
     * @param stateWord its state, in that document's words
     */
    public void addTo(FlatObjectWriter json, String stateWord) {
        LockRecordFormat.add(json, this, stateWord);
    }

    /**
     * Whether there is a launcher that can be asked for something. A private signal would kill a server that took the
     * launcher's place, so what is not recorded counts only when the record names both.
     *
     * @return true when the launcher is known to stay
     */
    public boolean hasLauncher() {
        return care.handOff().isPresent()
                ? care.handOff().get() == HandOff.SUPERVISE
                : server.isPresent() && server.get().pid() != launcher.pid();
    }

    /**
     * Whether the pids of this record mean something in a boot and a pid namespace.
     *
     * @param boot the boot's id; empty when it is not known, and then nothing does
     * @param namespace the namespace's inode number
     * @return true when they were written there
     */
    public boolean isOf(String boot, long namespace) {
        return !boot.isEmpty() && bootId.equals(boot) && pidNamespace == namespace;
    }

    /** The same record in another state. */
    public LockRecord withState(State newState) {
        return with(newState, statusText, server);
    }

    /**
     * The same record with a stop that has begun.
     *
     * @param byTicks when it becomes SIGKILL, in clock ticks since boot
     */
    public LockRecord stopping(long byTicks) {
        return with(State.STOPPING, statusText, server, byTicks);
    }

    /**
     * The same record with another word of the server.
     *
     * @param text what it says that it is doing; what cannot stand in a record is left out
     */
    public LockRecord withStatusText(String text) {
        StringBuilder shown = new StringBuilder(LONGEST_TEXT);
        text.codePoints().limit(LONGEST_TEXT).forEach(c -> shown.append(Printable.isAscii(c) ? (char) c : '?'));
        return with(state, shown.toString(), server);
    }

    /**
     * The same record with the server running.
     *
     * @param identity the server's
     * @param newState how it is
     */
    public LockRecord withServer(ProcessIdentity identity, State newState) {
        return with(newState, statusText, Optional.of(identity));
    }

    /**
     * The same record of another version, from the next start on.
     *
     * @param newVersion the server's
     * @param timeToStop how long others have to be patient with a stop of it
     */
    public LockRecord ofVersion(String newVersion, Duration timeToStop) {
        return with(besidePid, newVersion, timeToStop.toMillis());
    }

    /**
     * The same record with another server beside the one that it names.
     *
     * @param pid that one's; 0 for none
     * @return the record
     */
    public LockRecord withBeside(int pid) {
        return with(pid, version, graceMillis);
    }

    /** The same record without a server, between its end and its next start. */
    public LockRecord restarting() {
        return with(State.RESTARTING, "", Optional.empty());
    }

    private LockRecord with(State newState, String newText, Optional<ProcessIdentity> newServer) {
        return with(newState, newText, newServer, newState == State.STOPPING ? stopByTicks : -1);
    }

    private LockRecord with(State newState, String newText, Optional<ProcessIdentity> newServer, long newStopByTicks) {
        return new LockRecord(
                name,
                launcher,
                instanceId,
                newServer,
                besidePid,
                transport,
                care,
                version,
                newState,
                newText,
                lockTicks,
                startTime,
                graceMillis,
                bootId,
                pidNamespace,
                host,
                newStopByTicks,
                holdfast);
    }

    private LockRecord with(int newBesidePid, String newVersion, long newGraceMillis) {
        return new LockRecord(
                name,
                launcher,
                instanceId,
                server,
                newBesidePid,
                transport,
                care,
                newVersion,
                state,
                statusText,
                lockTicks,
                startTime,
                newGraceMillis,
                bootId,
                pidNamespace,
                host,
                stopByTicks,
                holdfast);
    }

    /**
     * Whether a text may stand in a record: 1 to 64 printable ASCII characters. What is read from a file and printed on
     * a terminal must not carry control sequences.
     *
     * @return true when it may
     */
    public static boolean isValidText(String text) {
        return !text.isEmpty() && text.length() <= LONGEST_TEXT && Printable.isAscii(text);
    }
}
