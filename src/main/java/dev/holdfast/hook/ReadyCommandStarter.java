package dev.holdfast.hook;

/** Starts the command that tells whether the server is ready, in the server's place. Called in the supervisor's thread. */
@FunctionalInterface
public interface ReadyCommandStarter {
    /**
     * Starts it once, as the leader of a process group, and does not wait for it.
     *
     * @return the run, to be closed when it has ended
     */
    Run start();

    /** One run of it. */
    interface Run extends AutoCloseable {
        /** Its pid, a child of this process; not above 0 when it could not be started. */
        int pid();

        /** Frees what would have ended it together with this process. */
        @Override
        void close();
    }
}
