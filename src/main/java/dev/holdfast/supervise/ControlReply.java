package dev.holdfast.supervise;

/** What follows a line that came in by the control socket. */
public sealed interface ControlReply {
    /**
     * An answer, and the connection's end.
     *
     * @param line without its newline
     */
    record Line(String line) implements ControlReply {}

    /**
     * A longer work, which the connection stays open for.
     *
     * @param work what is done
     * @param payloadBytes how much it is sent first
     * @param descriptors how many must have come with the line; with another number the request is refused
     */
    record Longer(ControlWork work, int payloadBytes, int descriptors) implements ControlReply {}
}
