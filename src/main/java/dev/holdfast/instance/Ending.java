package dev.holdfast.instance;

import dev.holdfast.lock.file.HeldLock;

/** What came of the attempt to end a holder, by a signal or by asking it. */
public sealed interface Ending {
    /** It is over, and the lock is ours. */
    record Acquired(HeldLock lock) implements Ending {}

    /** There is no such holder any more; somebody else may be it. */
    record Gone() implements Ending {}

    /** A stop request came. */
    record Interrupted() implements Ending {}

    /** The holder stays. */
    record Stays(Obstacle why) implements Ending {}
}
