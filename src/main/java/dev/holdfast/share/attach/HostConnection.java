package dev.holdfast.share.attach;

import dev.holdfast.posix.files.Passage;
import dev.holdfast.posix.sockets.UnixStream;

/**
 * The connection to a host that has let this start in.
 *
 * @param stream closed with this
 * @param received what has come already
 */
record HostConnection(UnixStream stream, Passage received) implements AutoCloseable {
    @Override
    public void close() {
        stream.close();
        received.close();
    }
}
