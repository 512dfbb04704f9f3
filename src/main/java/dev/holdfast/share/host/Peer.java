package dev.holdfast.share.host;

import dev.holdfast.share.Bye;
import dev.holdfast.share.Client;

/** What a client is reached by. Called in the host's thread; nothing of it blocks. */
public interface Peer {
    /** Whose it is. */
    Client client();

    /** Where it comes from, as the audit trail has it: {@code pid=4711}, or {@code http}. */
    String origin();

    /** Whether it comes and goes with one request: such ones are too many to be told of. */
    default boolean isForOneRequest() {
        return false;
    }

    /** What poll(2) tells whether more can be written to it; negative where there is no such descriptor. */
    int descriptor();

    /** More can be written to it. */
    void isWritable();

    /** Lets the client go when it has what is still there for it. */
    void dismiss(Bye why, int exitCode);

    /** Gives the client what it takes now. */
    void flush();

    /** Lets go of the client at once. Does nothing the second time. */
    void close();
}
