package dev.holdfast.registry;

/** What one file of the registry turns out to be. */
public sealed interface InstanceEntry {
    /** The file's path. */
    String path();

    /** A file that could be read: it says of which instance it is. */
    sealed interface Known extends InstanceEntry {
        /** What it says. */
        InstanceRecord record();

        /** The user id of its owner. */
        int owner();
    }

    /**
     * The instance runs: its process was verified, or at least nothing proves that it is another one.
     *
     * @param record what it says
     * @param path the file's
     * @param owner the file's owner
     */
    record Active(InstanceRecord record, String path, int owner) implements Known {}

    /**
     * Its launcher is gone, and its server lives, or what that has started still holds the lock.
     *
     * @param record what it says
     * @param path the file's
     * @param owner the file's owner
     */
    record Orphaned(InstanceRecord record, String path, int owner) implements Known {}

    /**
     * Nothing of the instance is left, surely: it was killed, and could not remove its file.
     *
     * @param record what it says
     * @param path the file's
     * @param owner the file's owner
     */
    record Stale(InstanceRecord record, String path, int owner) implements Known {}

    /**
     * It was written in another boot or pid namespace: on another machine that shares the folder, or in a container. Nothing
     * here can tell whether it runs. What this very machine wrote before its last boot is stale instead.
     *
     * @param record what it says
     * @param path the file's
     * @param owner the file's owner
     */
    record Elsewhere(InstanceRecord record, String path, int owner) implements Known {}

    /**
     * It is no record.
     *
     * @param path where it was
     * @param movedTo where it is now, whole; empty when it could not be moved and is where it was
     * @param reason what is wrong with it
     */
    record Corrupt(String path, String movedTo, String reason) implements InstanceEntry {}

    /**
     * It belongs to another user, and was not read.
     *
     * @param path the file's
     * @param owner that user's id
     */
    record Foreign(String path, int owner) implements InstanceEntry {}
}
