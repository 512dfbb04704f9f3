package dev.holdfast.share;

/** What a {@link Multiplexer} has its host do. Called in the host's thread, from within the multiplexer's own methods. */
public interface HostEvents {
    /** There is something to be read from {@link Multiplexer#nextForServer}, or to be written for a client. */
    void wake();

    /** A client is to be let go, after what {@link Outgoing} has for it. */
    void dismiss(Client client, Bye why);

    /** The server is not as its clients were told: all are to be let go, and its host is of no use to them. */
    void contractBroken();

    /** A line for those who look for a fault: of each request. Has no parameter, result or resource in it, either. */
    default void trace(String line) {}

    /** A line for the audit trail: attached, detached, refused. Has no parameter, result or resource in it. */
    void audit(String line);
}
