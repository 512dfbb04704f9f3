package dev.holdfast.share;

/** One client of a shared server: an attachment, or a session over HTTP. Made by {@link Multiplexer#attach}. */
public final class Client {
    private final int number;
    private final String name;
    private final int pid;
    private final Outgoing outgoing = new Outgoing();

    Client(int number, String name, int pid) {
        this.number = number;
        this.name = name;
        this.pid = pid;
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
}
