package dev.holdfast.share;

import org.jspecify.annotations.Nullable;

/** One client of a shared server: an attachment, or a session over HTTP. Made by {@link Multiplexer#attach}. */
public final class Client {
    private final int number;
    private final String name;
    private final int pid;
    private final Outgoing outgoing;
    private Phase phase = Phase.NEW;
    private @Nullable RawValue opening;
    private Opening said = Opening.NONE;
    private boolean hasEnded;

    Client(int number, String name, int pid, Outgoing outgoing) {
        this.number = number;
        this.name = name;
        this.pid = pid;
        this.outgoing = outgoing;
    }

    /** How far it is with its own handshake. */
    enum Phase {
        NEW,
        /** It has asked for the handshake's result. */
        INITIALIZING,
        /** It has it, or speaks without one. */
        TALKING
    }

    /** What no other client of this host ever has. */
    public int number() {
        return number;
    }

    /** Who it says to be; may be empty. */
    public String name() {
        return name;
    }

    /** The attachment's; 0 for none. */
    public int pid() {
        return pid;
    }

    /** What is to be written to it. */
    public Outgoing outgoing() {
        return outgoing;
    }

    Phase phase() {
        return phase;
    }

    boolean isTalking() {
        return phase == Phase.TALKING;
    }

    void talks() {
        phase = Phase.TALKING;
        opening = null;
    }

    /** It has asked for the handshake's result, under this id. */
    void opens(RawValue id, Opening about) {
        phase = Phase.INITIALIZING;
        opening = id;
        said = about;
    }

    /** It has got an error for the handshake, and may ask again. */
    void isNew() {
        phase = Phase.NEW;
        opening = null;
    }

    /** What it has said of itself. */
    Opening said() {
        return said;
    }

    /** Under which id it waits for the handshake's result; null when it does not. */
    @Nullable
    RawValue opening() {
        return opening;
    }

    /** Whether it sends nothing more. */
    boolean hasEnded() {
        return hasEnded;
    }

    void ended() {
        hasEnded = true;
    }
}
