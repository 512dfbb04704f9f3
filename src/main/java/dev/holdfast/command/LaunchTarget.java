package dev.holdfast.command;

import java.util.List;

/** How a program is started: with which descriptors and environment, and what is different in its process. */
public interface LaunchTarget {
    /** Where and as whom it runs. */
    ServerContext context();

    /** Starts a program; its pid, or the negated error number. */
    int start(byte[] program, List<byte[]> arguments);

    /** Becomes a program; the error number when that fails. */
    int become(byte[] program, List<byte[]> arguments);
}
