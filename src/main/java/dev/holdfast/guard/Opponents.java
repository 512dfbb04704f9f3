package dev.holdfast.guard;

import dev.holdfast.instance.Ending;
import dev.holdfast.instance.Incumbent;
import dev.holdfast.instance.InstanceActivation;
import dev.holdfast.instance.Obstacle;
import dev.holdfast.lock.file.LockAttempt;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.OpenLockFile;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.Optional;

/**
 * The others, as a start meets them: all of its looking at processes, its waiting for them and its ending of them goes
 * through here, and none of its deciding. So a test can decide who is met. Each method that waits ends at a stop request.
 */
interface Opponents {
    /** Whether a record is that of the instance that this start is part of. */
    boolean isAroundUs(LockRecord record);

    /** Whether the launcher that an open file's record names has ended. Cheap. */
    boolean isLauncherOver(OpenLockFile file);

    /** Who holds the lock of an open file; empty when nobody does any more. Blocks for 2 s at the most. */
    Optional<Opponent> find(OpenLockFile file);

    /**
     * Waits for the lock of an open file, or for the death of the launcher of a watched client's server, and tries once
     * more. Whoever has it may end meanwhile, and another one get it: that one's launcher counts then.
     *
     * @param deadline by {@link System#nanoTime}
     * @param resolved whose launcher's death is no news; empty for nobody's
     * @return what came of the last try; empty when the deadline is over, or a stop request came
     */
    Optional<LockAttempt> awaitEnd(OpenLockFile file, long deadline, Optional<LockRecord> resolved);

    /** The same, for the lock only. */
    Optional<LockAttempt> awaitLock(OpenLockFile file, long deadline);

    /** Who has the interlock of a lock without its file. */
    Incumbent withoutFile();

    /** What the last holder has left, by its record. Looks through all processes. */
    Remains remainsOf(LockRecord record);

    /** The time that they go by. */
    Ticker ticker();

    /** Waits a little, for what no event announces. */
    void pause(long millis);

    /** A holder that was found. Its processes are pinned until it is closed. */
    interface Opponent extends AutoCloseable {
        Incumbent incumbent();

        /** Why this instance may be another project's; empty when it is surely meant. */
        Optional<Obstacle> otherFolder(String name);

        /**
         * Ends it by signals: to be called for one that was proved only.
         *
         * @param why for the audit trail
         */
        Ending end(Duration grace, String why);

        /** Asks it to yield: for one whose pids count in another pid namespace. */
        Ending askToYield();

        /**
         * Its listening sockets, for which its launcher is asked. Blocks for a second at the most.
         *
         * @return descriptors to be closed; none when it has none, or its launcher does not answer
         */
        int[] sockets();

        /** Whether anybody listens for it: a launcher, or the library in the server itself. */
        boolean canBeAsked();

        /** Hands it this start's arguments: for one that can be asked. Blocks within the start's patience. */
        InstanceActivation.Result activate(SecondStart start);

        @Override
        void close();
    }

    /** What is left of an instance whose launcher was killed, without the lock. Pinned until it is closed. */
    interface Remains extends AutoCloseable {
        /** Empty when nothing is left. */
        Optional<Incumbent> incumbent();

        /** Why it must not be ended; empty when it may. */
        Optional<Obstacle> obstacle();

        /** Waits for the end of all of it; false when the deadline is over, or a stop request came. */
        boolean awaitEnd(long deadline);

        /** Ends it by signals. */
        Ending end(Duration grace, boolean isForced);

        @Override
        void close();
    }
}
