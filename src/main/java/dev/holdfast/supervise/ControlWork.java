package dev.holdfast.supervise;

import dev.holdfast.control.Payload;
import dev.holdfast.posix.sockets.UnixStream;
import org.jspecify.annotations.Nullable;

/**
 * A request that takes longer than an answer: what it does with its payload, and what it tells meanwhile. Called in the
 * supervisor's thread; nothing of it blocks.
 */
public interface ControlWork {
    /**
     * All of its payload has come. Whoever asked has been heard out, and may have gone.
     *
     * @param payload stays until the work is over or abandoned
     * @param descriptors as many as were asked for, or fewer where that will do; closed after the work is over or abandoned
     */
    void begin(Payload payload, int... descriptors);

    /**
     * What is told next. Whoever asked has been sent it when this is called again.
     *
     * @return one line; null when there is nothing to tell now
     */
    @Nullable
    String next();

    /**
     * Whether the last line was given out.
     *
     * @return true when nothing follows
     */
    boolean isOver();

    /**
     * Until when whoever asked is served at all.
     *
     * @return by {@link System#nanoTime}
     */
    long deadline();

    /**
     * Takes the connection over after its last line, for as long as it likes. Asked once.
     *
     * @param stream closed by whoever has it
     * @return false when it is not wanted, and is closed
     */
    default boolean takes(UnixStream stream) {
        return false;
    }

    /** Whoever asked is gone, or does not read, or did not send its payload in time. Nothing more is called. */
    void abandon();
}
