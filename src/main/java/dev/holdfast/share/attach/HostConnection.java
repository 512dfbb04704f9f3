package dev.holdfast.share.attach;

import dev.holdfast.posix.files.Passage;
import dev.holdfast.posix.sockets.UnixStream;

/**
 * The connection to a host that has let this start in.
 *
 * @param stream closed with this
 * @param received what has come already
 * @param hasPipes whether the host reads and writes the client's own pipes, so that there is nothing to copy
 */
record HostConnection(UnixStream stream, Passage received, boolean hasPipes) implements AutoCloseable {
    @Override
    public void close() {
        stream.close();
        received.close();
    }
}
