package dev.holdfast.instance;

import dev.holdfast.control.ReloadObstacle;

/** Why a stop, a restart or a reload was not done: facts, of which the command line makes a text. */
public sealed interface NotDone {
    /** Somebody is in the way, and stays. */
    record InTheWay(Refusal refusal) implements NotDone {}

    /**
     * A launcher in another pid namespace was asked, and does not do it or gives no answer.
     *
     * @param incumbent the launcher
     * @param obstacle what it said, or that it said nothing
     */
    record NotByLauncher(Incumbent incumbent, Obstacle obstacle) implements NotDone {}

    /** Of the holder only its interlock tells: its file was removed or replaced. */
    record Lost() implements NotDone {}

    /** The lock file is another user's. */
    record Foreign(int owner) implements NotDone {}

    /** It is just starting. */
    record Starting(int pid) implements NotDone {}

    /**
     * Its server has ended, and something else holds the lock.
     *
     * @param pid what holds it: something that the server left, or the next start
     */
    record ServerOver(int pid) implements NotDone {}

    /** It runs without a launcher that could start it again. */
    record WithoutLauncher(int pid) implements NotDone {}

    /**
     * Its command could not be started again, so the server would only be stopped.
     *
     * @param why in half a sentence
     */
    record NotStartable(String why) implements NotDone {}

    /**
     * The server would not live through a reload, or not notice it.
     *
     * @param why what speaks against it
     * @param hasLauncher whether there is one that could start it anew
     */
    record NotReloadable(ReloadObstacle why, boolean hasLauncher) implements NotDone {}

    /**
     * This process may not signal it.
     *
     * @param why by {@link dev.holdfast.process.SignalRefusal}, while it was there
     */
    record OutOfReach(String why) implements NotDone {}

    /**
     * Its launcher was stopped, and does nothing before somebody continues it.
     *
     * @param pid the launcher's
     */
    record Stopped(int pid) implements NotDone {}

    /** It ended before it could be asked. */
    record Gone() implements NotDone {}

    /** It was told to reload, and its server ended. */
    record EndedOfReload(int pid) implements NotDone {}

    /** It ended instead of being started again. */
    record EndedOfRestart() implements NotDone {}
}
