package dev.holdfast.share.attach;

import dev.holdfast.process.ExitStatus;
import java.util.Optional;

/** A host that this start has started. It lives on when this is closed. */
public interface HostProcess extends AutoCloseable {
    /** Its pid. */
    int pid();

    /** What to wait for: its end, and what it says. Negative ones are to be passed over. */
    int[] descriptors();

    /** Takes what it has said. Never blocks. */
    void listen();

    /** How it ended; empty while it lives. */
    Optional<ExitStatus> end();

    /** What it has said until it got its log: why it does not start, say. */
    String complaints();

    @Override
    void close();

    /** Starts one. */
    interface Starter {
        /**
         * Blocks until its exec.
         *
         * @throws dev.holdfast.posix.PosixException if the kernel refuses
         */
        HostProcess start();
    }
}
