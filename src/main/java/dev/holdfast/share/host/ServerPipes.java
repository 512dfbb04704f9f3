package dev.holdfast.share.host;

import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.Pipe;

/** The standard input and output of a shared server, at both ends: new ones for each start. Not safe for use by many threads. */
public final class ServerPipes implements AutoCloseable {
    private static final int CLOSED = -1;
    /** A quarter of what an unprivileged user may have of one pipe, pipe(7): some tens of servers have it. */
    static final int CAPACITY = 256 * 1024;

    private int input = CLOSED;
    private int output = CLOSED;
    private int serversInput = CLOSED;
    private int serversOutput = CLOSED;

    /** No pipe is open. */
    public ServerPipes() {}

    /**
     * Makes pipes for a server that is about to be started. Those of the one before are closed.
     *
     * @throws dev.holdfast.posix.PosixException if there are no descriptors left
     */
    public void open() {
        close();
        Pipe in = Pipe.openForWriting();
        in.enlarge(CAPACITY);
        input = in.writeEnd();
        serversInput = in.readEnd();
        Pipe out = Pipe.open();
        out.enlarge(CAPACITY);
        output = out.readEnd();
        serversOutput = out.writeEnd();
    }

    /** What the server gets as its standard input. */
    public int serversInput() {
        return serversInput;
    }

    /** What the server gets as its standard output. */
    public int serversOutput() {
        return serversOutput;
    }

    /** The server was started, or was not: its own ends are closed here, so that their end is seen. */
    public void handedOver() {
        serversInput = closed(serversInput);
        serversOutput = closed(serversOutput);
    }

    /** Where what the server is to read is written; -1 when it is closed. */
    int input() {
        return input;
    }

    /** Where what the server has written is read; -1 when it is closed. */
    int output() {
        return output;
    }

    /** The server sees the end of its input. */
    void closeInput() {
        input = closed(input);
    }

    /** Nothing of the server is read any more. */
    void closeOutput() {
        output = closed(output);
    }

    @Override
    public void close() {
        handedOver();
        closeInput();
        closeOutput();
    }

    private static int closed(int descriptor) {
        if (descriptor != CLOSED) {
            FileDescriptors.close(descriptor);
        }
        return CLOSED;
    }
}
