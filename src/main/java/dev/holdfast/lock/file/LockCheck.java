package dev.holdfast.lock.file;

/** What a look after a held lock found. */
public enum LockCheck {
    /** The path leads to the locked file. */
    INTACT,
    /** The file was removed or replaced; it is there again, and held. */
    RESTORED,
    /** Somebody else holds the lock: the path leads to another file, which is locked. */
    LOST,
    /** No file can be put there; only the interlock keeps others out. */
    UNREPAIRABLE
}
