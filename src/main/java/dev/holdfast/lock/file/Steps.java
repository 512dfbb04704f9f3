package dev.holdfast.lock.file;

/**
 * Is told of each step on the way to the server and back, for timing and for crash tests.
 *
 * <p>Called in the launcher's own thread, between one system call that matters and the next.
 */
@FunctionalInterface
public interface Steps {
    /** Nobody listens. */
    Steps NONE = new Steps() { // no lambda, on the way to the server
                @Override
                public void reached(Step step) {}
            };

    /**
     * A step was done.
     *
     * @param step which
     */
    void reached(Step step);
}
