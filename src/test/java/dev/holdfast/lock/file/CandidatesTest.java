package dev.holdfast.lock.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.posix.processes.ProcessStat;
import dev.holdfast.process.ProcessIdentity;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Passed over is only what cannot belong to the instance; what cannot be told is looked at. */
class CandidatesTest {
    private static final int SELF = 900;
    private static final int LAUNCHER = 12345;
    /** When the launcher began; its lock came two ticks later, and its server eight. */
    private static final long BEGAN = 884_211;

    private static final long MARGIN = 300;
    private static final long KERNEL = 0x20_8040;
    /** 2026-05-02T09:14:03Z, when the record says that the lock was taken. */
    private static final long LOCKED_MILLIS = 1_777_713_243_000L;

    private static final LockRecord RECORD = LockRecordFormatTest.RECORD;

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        // what, state, parent, group, session, flags, start, of the group, may descend
        "a worker,                                 S, 12346, 12346, 12346, 4194304, 884300, true,  true",
        "a worker that its parent has left,        S, 1,     12346, 12346, 4194304, 884300, true,  true",
        "one with a group of its own,              S, 12346, 7000,  12346, 4194304, 884300, true,  true",
        "one with a session of its own,            S, 1,     7000,  7000,  4194304, 884300, false, true",
        "a zombie,                                 Z, 12346, 12346, 12346, 4194304, 884300, false, false",
        "a stopped one,                            T, 12346, 12346, 12346, 4194304, 884300, true,  true",
        "of unknown flags,                         S, 1,     7000,  7000,  0,       884300, false, true",
        "this process's own child,                 S, 900,   12346, 12346, 4194304, 884300, false, false",
        "a thread of the kernel,                   I, 2,     0,     0,     2129984, 884300, false, false",
        "a bystander that began later,             S, 1,     4000,  4000,  4194304, 990000, false, true",
        "of the launcher's tick,                   S, 1,     7000,  7000,  4194304, 884211, false, true",
        "a tick earlier: another time namespace,   S, 1,     7000,  7000,  4194304, 884210, false, true",
        "at the margin,                            S, 1,     7000,  7000,  4194304, 883911, false, true",
        "before the margin,                        S, 1,     7000,  7000,  4194304, 883910, false, false",
        "in the group of a number's last owner,    S, 1,     12346, 12346, 4194304, 884218, false, true",
        "the same from long before,                S, 1,     12346, 12346, 4194304, 700000, false, false",
        "of the server's tick,                     S, 1,     12346, 12346, 4194304, 884219, true,  true"
    })
    void whatCannotBelongToItIsPassedOver(
            String what,
            char state,
            int parent,
            int group,
            int session,
            long flags,
            long start,
            boolean isOfGroup,
            boolean mayDescend) {
        Candidates candidates = new Candidates(RECORD, SELF, BEGAN - MARGIN);
        ProcessStat stat = new ProcessStat(7001, state, parent, group, session, flags, start);
        assertThat(candidates.mayBeOfGroup(stat)).as("%s: group", what).isEqualTo(isOfGroup);
        assertThat(candidates.mayDescend(stat)).as("%s: descent", what).isEqualTo(mayDescend);
        assertThat(start < candidates.since() && (isOfGroup || mayDescend))
                .as("%s: passed over unseen", what)
                .isFalse();
    }

    @Test
    void withoutAnEarliestStartEverythingMayDescend() {
        Candidates candidates = new Candidates(RECORD, SELF, Candidates.UNKNOWN);
        assertThat(candidates.mayDescend(new ProcessStat(7001, 'S', 1, 7000, 7000, 4194304, 1)))
                .isTrue();
        assertThat(candidates.mayDescend(new ProcessStat(7001, 'S', 2, 0, 0, KERNEL | 0x20_0000, 1)))
                .isFalse();
    }

    @Test
    void whatBeganBeforeLauncherAndServerIsNoCandidate() {
        assertThat(new Candidates(RECORD, SELF, BEGAN - MARGIN).since()).isEqualTo(BEGAN - MARGIN);
        assertThat(new Candidates(RECORD, SELF, BEGAN + MARGIN).since()).isEqualTo(BEGAN + 8); // a forged record
        assertThat(new Candidates(RECORD, SELF, Candidates.UNKNOWN).since()).isEqualTo(Long.MIN_VALUE);
        LockRecord none = record(BEGAN, BEGAN + 2, RECORD.startTime(), Optional.empty());
        assertThat(new Candidates(none, SELF, BEGAN).since()).isEqualTo(BEGAN);
    }

    @Test
    void serverThatIsNotRecordedHasNoGroup() {
        LockRecord none = record(BEGAN, BEGAN + 2, RECORD.startTime(), Optional.empty());
        ProcessStat stat = new ProcessStat(7001, 'S', 1, 0, 0, 4194304, 884_300);
        assertThat(new Candidates(none, SELF, BEGAN).mayBeOfGroup(stat)).isFalse();
        assertThat(new Candidates(none, SELF, BEGAN).mayDescend(stat)).isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        // what, launcher's start, lock, since the lock by the time of the day in ms, the same in ticks, known
        "a minute later,                             884211, 884213,  60000,  6000,  true",
        "at once,                                    884211, 884213,  875,    0,     true",
        "a year later,                               884211, 884213,  31536000000, 3153600000, true",
        "the record's second is rounded down,        884211, 884213,  60999,  6000,  true",
        "written a while after the lock,             884211, 884213,  60000,  6099,  true",
        "the launcher's start is not known,          -1,     884213,  60000,  6000,  false",
        "the lock's is not known,                    884211, -1,      60000,  6000,  false",
        "a lock before the launcher: forged,         884211, 884210,  60000,  6000,  false",
        "from a time namespace that is ahead,        10884211, 10884213, 60000, -9994000, false",
        "a little ahead,                             884511, 884513,  60000,  5700,  false",
        "from one that is behind,                    784211, 784213,  60000,  106000, false",
        "somebody has set the clock forward,         884211, 884213,  3660000, 6000, false",
        "somebody has set it back,                   884211, 884213,  -3540000, 6000, false"
    })
    void earliestStartNeedsARecordThatCountsByOurClock(
            String what, long began, long locked, long millis, long ticks, boolean isKnown) {
        LockRecord record = record(began, locked, RECORD.startTime(), RECORD.server());
        assertThat(Candidates.earliestStart(record, LOCKED_MILLIS + millis, locked + ticks))
                .as(what)
                .isEqualTo(isKnown ? began - MARGIN : Candidates.UNKNOWN);
    }

    @Test
    void earliestStartNeedsATime() {
        LockRecord record = record(BEGAN, BEGAN + 2, "yesterday", RECORD.server());
        assertThat(Candidates.earliestStart(record, LOCKED_MILLIS + 60_000, BEGAN + 6002))
                .isEqualTo(Candidates.UNKNOWN);
    }

    private static LockRecord record(long began, long locked, String time, Optional<ProcessIdentity> server) {
        return new LockRecord(
                RECORD.name(),
                new ProcessIdentity(LAUNCHER, began, 0),
                RECORD.instanceId(),
                server,
                0,
                RECORD.transport(),
                RECORD.care(),
                RECORD.version(),
                RECORD.state(),
                "",
                locked,
                time,
                RECORD.graceMillis(),
                RECORD.bootId(),
                RECORD.pidNamespace(),
                RECORD.host(),
                -1,
                RECORD.holdfast());
    }
}
