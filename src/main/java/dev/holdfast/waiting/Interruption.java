package dev.holdfast.waiting;

import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.Pipe;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.spi.AbstractInterruptibleChannel;

/**
 * Makes the interruption of a thread something that poll(2) sees: a pipe that hangs up. Opened, used and ended by the
 * one thread that waits. The thread stays interrupted, as it does for the JDK's own channels.
 */
public final class Interruption extends AbstractInterruptibleChannel {
    private final Pipe pipe = Pipe.open();

    private Interruption() {}

    /**
     * From now on, to {@link #end}, an interruption of this thread hangs the pipe up; one of before does so at once.
     */
    public static Interruption ofThisThread() {
        Interruption interruption = new Interruption();
        interruption.begin();
        return interruption;
    }

    /** To be polled. */
    public int descriptor() {
        return pipe.readEnd();
    }

    /** Closes all. To be called by the same thread. */
    public void end() {
        try {
            end(true);
        } catch (AsynchronousCloseException e) {
            // Interrupted: whoever asks the thread is told.
        }
        try {
            close();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e); // implCloseChannel throws none
        }
        FileDescriptors.close(pipe.readEnd());
    }

    /** Once, by the interrupting thread or by {@link #end}. */
    @Override
    protected void implCloseChannel() {
        FileDescriptors.close(pipe.writeEnd());
    }
}
