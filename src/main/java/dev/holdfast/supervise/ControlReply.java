package dev.holdfast.supervise;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What follows a line that came in by the control socket. */
public sealed interface ControlReply {
    /**
     * An answer, and the connection's end.
     *
     * @param line without its newline
     */
    record Line(String line) implements ControlReply {}

    /**
     * An answer that comes within a second, and the connection's end.
     *
     * @param answer what is asked for it
     */
    record Later(Answer answer) implements ControlReply {}

    /** An answer that may not be known yet. Asked in the supervisor's thread; must not block. */
    @FunctionalInterface
    interface Answer {
        /** The line without its newline; null while it is not known. */
        @Nullable
        String line();
    }

    /**
     * An answer with descriptors, and the connection's end.
     *
     * @param line without its newline
     * @param descriptors what goes with it; they stay open here
     */
    record Descriptors(String line, List<Integer> descriptors) implements ControlReply {
        /** Copies the list. */
        public Descriptors {
            descriptors = List.copyOf(descriptors);
        }
    }

    /**
     * A longer work, which the connection stays open for.
     *
     * @param work what is done
     * @param payloadBytes how much it is sent first
     * @param descriptors how many must have come with the line; with another number the request is refused
     * @param mayLack whether it is done with fewer of them, too
     */
    record Longer(ControlWork work, int payloadBytes, int descriptors, boolean mayLack) implements ControlReply {
        /** One that needs all of its descriptors. */
        public Longer(ControlWork work, int payloadBytes, int descriptors) {
            this(work, payloadBytes, descriptors, false);
        }

        boolean takes(int count) {
            return count == descriptors || (mayLack && count < descriptors);
        }
    }
}
