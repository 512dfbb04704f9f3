package dev.holdfast.lock.file;

import dev.holdfast.posix.processes.LookFailure;

/** Why it could not be proved who holds a lock: facts, of which a text is made where it is told. */
public sealed interface Doubt {
    /** Doubts of which no more is known. */
    enum Plain implements Doubt {
        /** The holder has just taken the lock, and has not written yet who it is. This passes by itself. */
        STARTING,
        /** The record in the lock file cannot be read, or is of another boot or pid namespace. */
        UNREADABLE_RECORD,
        /** The launcher that the record names lives, and does not hold the lock any more. */
        LET_GO_BY_LAUNCHER,
        /** The holder is neither the launcher nor of the server's tree. */
        HELD_BY_STRANGER,
        /** The record is of another pid namespace. */
        ELSEWHERE,
        /** No process that can be looked into holds it. */
        UNSEEN,
        /** The lock passes on faster than a holder can be looked at. */
        PASSED_ON
    }

    /**
     * A process that the record names lives, and cannot be looked into.
     *
     * @param instance the name in the record
     * @param failure why not
     */
    record Opaque(int pid, String instance, LookFailure failure) implements Doubt {}
}
