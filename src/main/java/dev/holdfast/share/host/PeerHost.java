package dev.holdfast.share.host;

import dev.holdfast.share.Multiplexer;
import java.util.Optional;

/** What those need of the host who bring in clients other than by links. For the host's thread. */
public interface PeerHost {
    /** By which messages go. */
    Multiplexer multiplexer();

    /** Why nobody is let in now; empty when that is not so. */
    Optional<String> obstacle();

    /** A client is there, by this. */
    void joined(Peer peer);

    /** A client is gone. */
    void left(Peer peer);
}
