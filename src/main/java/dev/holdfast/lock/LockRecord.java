package dev.holdfast.lock;

import dev.holdfast.process.ProcessIdentity;
import java.util.Optional;

/**
 * What the holder of a lock says of itself in the lock file. A description for people and a hint for programs: nothing
 * in it is trusted before it is proved.
 *
 * @param launcher the process to signal for a graceful stop; start ticks -1 when the record does not tell
 * @param startTime when the launcher took the lock, ISO 8601 in UTC
 * @param transport how clients talk to the server
 * @param version the server's version
 * @param name the instance
 * @param instanceId pid and eight random hexadecimal digits
 * @param state where in its life the instance is
 * @param graceMillis how long a stop may take before SIGKILL
 * @param bootId of the boot in which the ticks count; empty when it is not known
 * @param pidNamespace inode number of the namespace in which the pids count; 0 when it is not known
 * @param server the server, once it runs
 * @param holdfast the version of Holdfast that wrote the record
 */
public record LockRecord(
        ProcessIdentity launcher,
        String startTime,
        String transport,
        String version,
        String name,
        String instanceId,
        State state,
        long graceMillis,
        String bootId,
        long pidNamespace,
        Optional<ProcessIdentity> server,
        String holdfast) {
    /** The longest transport, version or name. With it, a record always fits into its block. */
    public static final int LONGEST_TEXT = 64;

    /** Where in its life an instance is. */
    public enum State {
        /** The lock is held, the server does not run yet. */
        STARTING,
        /** The server runs. */
        RUNNING,
        /** The server was told to stop. */
        STOPPING
    }

    /**
     * The same record in another state.
     *
     * @param newState the state
     * @return the record
     */
    public LockRecord in(State newState) {
        return with(newState, server);
    }

    /**
     * The same record with the server running.
     *
     * @param identity the server's
     * @return the record
     */
    public LockRecord runningAs(ProcessIdentity identity) {
        return with(State.RUNNING, Optional.of(identity));
    }

    private LockRecord with(State newState, Optional<ProcessIdentity> newServer) {
        return new LockRecord(
                launcher,
                startTime,
                transport,
                version,
                name,
                instanceId,
                newState,
                graceMillis,
                bootId,
                pidNamespace,
                newServer,
                holdfast);
    }

    /**
     * Whether a text may stand in a record: 1 to 64 printable ASCII characters. What is read from a file and printed on
     * a terminal must not carry control sequences.
     *
     * @param text the text
     * @return true when it may
     */
    public static boolean isValidText(String text) {
        return !text.isEmpty() && text.length() <= LONGEST_TEXT && text.chars().allMatch(c -> c >= ' ' && c <= '~');
    }
}
