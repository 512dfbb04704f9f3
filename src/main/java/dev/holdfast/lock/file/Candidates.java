package dev.holdfast.lock.file;

import dev.holdfast.posix.processes.ProcessStat;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.text.RecordTime;
import java.util.OptionalLong;

/**
 * Which of all processes are worth a closer look when it is asked what lives of an instance, by one line of {@code /proc}
 * for each. A process that this cannot tell of is worth it.
 *
 * <p>What descends from a launcher began after it: neither a new parent nor a new session nor a new program changes when a
 * process began. So the environment of what began earlier is not read.
 */
final class Candidates {
    /** When nothing tells since when. */
    static final long UNKNOWN = Long.MIN_VALUE;

    /** More than what {@link #LATEST_MILLIS} and the rounding to ticks, in two time namespaces, may make of one instant. */
    private static final long MARGIN_TICKS = 300;

    private static final long EARLIEST_MILLIS = -1_000;
    /** A record tells the second. */
    private static final long LATEST_MILLIS = 2_000;

    private final int server;
    private final long serverTicks;
    private final int self;
    private final long earliest;

    /**
     * Those of one instance.
     *
     * @param self this process
     * @param earliest what began before cannot descend from the launcher, in clock ticks since boot; {@link #UNKNOWN} when
     *     everything may
     */
    Candidates(LockRecord record, int self, long earliest) {
        this.self = self;
        this.earliest = earliest;
        server = record.server().isPresent() ? record.server().get().pid() : 0;
        serverTicks = record.server().isPresent() ? record.server().get().startTicks() : 0;
    }

    /**
     * Before when nothing of an instance's tree has begun, with a margin.
     *
     * @return clock ticks since boot; {@link #UNKNOWN} when the record does not tell, or counts by another clock
     */
    static long earliestStart(LockRecord record) {
        return earliestStart(record, System.currentTimeMillis(), Self.ticksSinceBoot());
    }

    /**
     * By the time of the day, which is the same in every time namespace: as much of it has gone by since the lock was taken
     * as of the record's ticks, or these are not ours (or somebody has set the clock).
     */
    static long earliestStart(LockRecord record, long nowMillis, long nowTicks) {
        OptionalLong second = RecordTime.epochSecond(record.startTime());
        long began = record.launcher().startTicks();
        long locked = record.lockTicks();
        if (second.isEmpty() || began < 0 || locked < began || locked > nowTicks) {
            return UNKNOWN;
        }
        long elapsed = nowMillis - second.getAsLong() * 1_000;
        long drift = elapsed - (nowTicks - locked) * Self.MILLIS_PER_TICK;
        return drift >= EARLIEST_MILLIS && drift <= LATEST_MILLIS ? began - MARGIN_TICKS : UNKNOWN;
    }

    /**
     * What began before is no candidate, whatever its group and its environment.
     *
     * @return clock ticks since boot; {@link #UNKNOWN} when anything may be one
     */
    long since() {
        return server == 0 ? earliest : Math.min(earliest, serverTicks);
    }

    /** Whether a process may be in the server's group or session: that its number is still the server's is not asked. */
    boolean mayBeOfGroup(ProcessStat stat) {
        boolean isGroup = server != 0 && (stat.processGroup() == server || stat.session() == server);
        return isGroup && stat.startTicks() >= serverTicks && mayBelong(stat);
    }

    /** Whether a process may have got its environment from the launcher. */
    boolean mayDescend(ProcessStat stat) {
        return stat.startTicks() >= earliest && mayBelong(stat);
    }

    private boolean mayBelong(ProcessStat stat) {
        return !stat.isDead() && !stat.isOfKernel() && stat.parent() != self;
    }
}
