package dev.holdfast.guard;

import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.NonBlockingWriter;
import dev.holdfast.settings.Caller;
import java.util.Optional;

/**
 * The descriptor by which a supervisor above, such as s6-supervise, waits for the server's newline. The server has its own
 * pipe to the launcher under that number, and the launcher passes the word on.
 *
 * @param descriptor its number, here and in the server
 */
record CallersReadyPipe(int descriptor) {
    /**
     * Looks for it.
     *
     * @param number the number that was asked for
     * @param caller what passed descriptors on
     * @return the descriptor; empty when the caller passed on none of this number
     */
    static Optional<CallersReadyPipe> of(int number, Caller caller) {
        return caller.descriptors().contains(number) ? Optional.of(new CallersReadyPipe(number)) : Optional.empty();
    }

    /**
     * Tells that the server is ready, and closes the descriptor. Never blocks. To be called once: the number may be
     * another file's afterwards.
     *
     * @return whether it was told; not when nobody reads it
     */
    boolean tell() {
        try (NonBlockingWriter writer = new NonBlockingWriter(descriptor)) {
            return writer.write("\n");
        } finally {
            FileDescriptors.close(descriptor);
        }
    }
}
