package dev.holdfast.instance;

import dev.holdfast.control.Request;
import dev.holdfast.posix.processes.LookFailure;
import java.time.Duration;

/** Why a holder, or what it left, is not ended: facts, of which {@link ObstacleText} makes half a sentence. */
public sealed interface Obstacle {
    /** The holder started after whoever wants its place. */
    record Newer() implements Obstacle {}

    /** Nobody was proved to be the holder. */
    record NotVerified() implements Obstacle {}

    /** The one who asks is part of what would be ended. */
    record Inside() implements Obstacle {}

    /**
     * Nobody gave the name, and the holder works elsewhere: it may be another project's.
     *
     * @param name which was taken from the folder or a program
     * @param where it works
     */
    record OtherFolder(String name, Place where) implements Obstacle {
        /** Where a holder works. */
        public enum Place {
            /** In a container that is not this one. */
            OTHER_CONTAINER,
            /** In another folder. */
            OTHER_FOLDER,
            /** It cannot be told. */
            UNKNOWN
        }
    }

    /**
     * It has not taken a second launch's arguments, or nobody knows.
     *
     * @param why in half a sentence
     */
    record NotActivated(String why) implements Obstacle {}

    /** It lives in another pid namespace, and there is no launcher to be asked. */
    record NoLauncher() implements Obstacle {}

    /**
     * This process may not signal it.
     *
     * @param why by {@link dev.holdfast.process.SignalRefusal}, while it was there
     */
    record OutOfReach(int pid, String why) implements Obstacle {}

    /**
     * Processes that not even SIGKILL ends.
     *
     * @param pids such as {@code pid=4711,4712}
     */
    record Unkillable(String pids) implements Obstacle {}

    /**
     * A process that the record names, and that cannot be proved to belong to the instance.
     *
     * @param unreadable why it cannot be looked into; without an error when it can, and lacks the instance's id
     */
    record MayBeStranger(int pid, LookFailure unreadable) implements Obstacle {}

    /**
     * A launcher that was asked has not answered.
     *
     * @param asked what it was asked
     * @param socket by which socket
     */
    record NoAnswer(Request asked, String socket, Duration within) implements Obstacle {}

    /**
     * A launcher that was asked does not do it.
     *
     * @param why in its own words
     */
    record Declined(Request asked, String why) implements Obstacle {}

    /** A launcher that agreed to stop has not ended. */
    record Unfinished(Request asked, Duration within) implements Obstacle {}
}
