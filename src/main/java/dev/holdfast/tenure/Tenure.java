package dev.holdfast.tenure;

import dev.holdfast.lock.LockFileException;
import dev.holdfast.lock.file.LockCheck;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.PreviousRecord;
import dev.holdfast.lock.file.Steps;
import java.util.List;

/**
 * What this process holds for as long as a server runs: at most one process has it for a name.
 *
 * <p>Ends by {@link #release}, by {@link #abandon}, or with this process. None of its methods waits for another process.
 * Not safe for use by many threads.
 */
public interface Tenure {
    /** Where its file is, or would be. */
    LockFile location();

    /** Whether others can find it by its path. Without one there is nothing to look after, and nobody to be asked by. */
    boolean hasPath();

    /** Whether it is held now. Changes nothing. */
    boolean isIntact();

    /**
     * Looks whether it is still held, and mends what can be mended. To be called now and then. What is {@link
     * LockCheck#LOST} for certain means that the server has to stop.
     */
    LockCheck check();

    /**
     * When the server has to be told to stop, unless a check moves this on.
     *
     * @return by {@link System#nanoTime}; {@link Long#MAX_VALUE} when time alone never ends it
     */
    long fenceAt();

    /** What the holder before has left. To be asked before {@link #describe}. */
    PreviousRecord previous();

    /**
     * Writes down who holds it, for others to read.
     *
     * @throws LockFileException if the disk is full or broken; it is held all the same
     */
    void describe(LockRecord record);

    /** What the user should know of this one that others do not have: one line each, with its facts; none as a rule. */
    List<String> weaknesses();

    /**
     * The descriptors that a server inherits, so that it is held as long as the server lives.
     *
     * @param isLastOfTree whether nothing of the server's tree outlives it: then it gets those, too, that cannot be freed
     *     under a process that has them
     */
    int[] inherited(boolean isLastOfTree);

    /** The descriptor whose file tells by its events that a check is due; only when there is a path. */
    int watchedDescriptor();

    /** Whether another start is taking over: a stop that comes meanwhile is by that one. */
    boolean isBeingTakenOver();

    /** The paths of its file now, in the order in which they were made. */
    List<String> names();

    /** This process is about to become the server, so nobody will release: clears away what a killed holder left. */
    void becomeServers();

    /**
     * Gives it back, and leaves nothing behind. Does nothing the second time.
     *
     * @param steps is told of each step
     */
    void release(Steps steps);

    /** Lets go of this process's share only: whoever inherited it holds on, and the record stays. */
    void abandon();
}
