package dev.holdfast.guard;

import dev.holdfast.journal.Journal;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.NonBlockingWriter;
import dev.holdfast.settings.Caller;
import dev.holdfast.supervise.InstanceEvent;
import dev.holdfast.supervise.InstanceListener;
import java.util.Optional;

/**
 * The descriptor by which a supervisor above, such as s6-supervise, waits for the server's newline. The server has its own
 * pipe to the launcher under that number, and the launcher passes the word on.
 */
final class CallersReadyPipe implements InstanceListener {
    private final int descriptor;
    private final String name;
    private final Journal journal;
    /** Told once: the number may be another file's afterwards. */
    private boolean told;

    private CallersReadyPipe(int descriptor, String name, Journal journal) {
        this.descriptor = descriptor;
        this.name = name;
        this.journal = journal;
    }

    /**
     * Looks for it.
     *
     * @param number the number that was asked for
     * @param caller what passed descriptors on
     * @param name the instance
     * @return the descriptor; empty when the caller passed on none of this number
     */
    static Optional<CallersReadyPipe> of(int number, Caller caller, String name, Journal journal) {
        return caller.descriptors().contains(number)
                ? Optional.of(new CallersReadyPipe(number, name, journal))
                : Optional.empty();
    }

    /** Tells that the server is ready, the first time, and closes the descriptor. */
    @Override
    public void ready(InstanceEvent.Ready event) {
        if (told) {
            return;
        }
        told = true;
        try (NonBlockingWriter writer = new NonBlockingWriter(descriptor)) {
            if (!writer.write("\n")) {
                journal.debug("nobody reads that \"" + name + "\" is ready descriptor=" + descriptor);
            }
        } finally {
            FileDescriptors.close(descriptor);
        }
    }
}
