package dev.holdfast.share;

import dev.holdfast.json.Envelope;

/** Is told by {@link Routes} what becomes of a message. Lines are without their ends, and are nobody else's any more. */
interface RouteListener {
    /**
     * Whether a request of a client's may be sent to the server; when not, the client has been answered.
     *
     * @param id its own
     */
    boolean admits(int client, RawValue id, Envelope message);

    /**
     * A client's request is to be sent to the server, now or later.
     *
     * @param wireId its id there
     * @param message what was found in the line that the client has sent
     */
    void request(int client, long wireId, byte[] line, Envelope message);

    /** A request is of no use any more: it is not sent, or, when it was, this is. */
    void cancelled(long wireId, byte[] line);

    /** The client of a request is gone: it is not sent, or, when it was, the server goes on with it, and is told nothing. */
    void abandoned(long wireId);

    /** A client tells the server something that nobody here knows. */
    void notification(int client, byte[] line);

    /** Anything else for the server: answers, and what belongs to them. */
    void toServer(byte[] line);

    /** A client's request is over; told before it is answered. */
    default void over(long wireId, Counters.Outcome outcome) {}

    /** A request is answered, and over. */
    void answered(int client, long wireId, byte[] line);

    /** Anything else for a client. */
    void toClient(int client, byte[] line);

    /** The host does this itself, of which the server has only one for all: handshake, level, subscriptions. */
    void forHost(int client, HostMethod method, byte[] line, Envelope message);

    /** The server asks somebody, and does not say whom. */
    void serverAsks(byte[] line, Envelope request);

    /** The server tells something that is nobody's in particular. */
    void announced(String method, byte[] line, Envelope notification);

    /** A message went to nobody. */
    void dropped(Drop why);

    /** An answer has come to a request that nobody waits for any more; or to none that there ever was. */
    void late(long wireId);

    /** A client sends what are no messages, again and again. */
    void talksNonsense(int client);

    /** Why a message goes to nobody. */
    enum Drop {
        /** What the server has printed is no message. */
        NO_MESSAGE,
        /** It belongs to a request, or a task, that is over or never was. */
        NOBODYS,
        /** It would act on what is another client's. */
        FOREIGN,
        /** It names somebody by a member that cannot be translated. */
        UNKNOWN_OWNER
    }
}
