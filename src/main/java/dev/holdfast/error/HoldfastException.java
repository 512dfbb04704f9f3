package dev.holdfast.error;

/** The root of everything that Holdfast throws. Its message is one line for a person to read. */
public class HoldfastException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * A failure without a cause of its own.
     *
     * @param message what happened, to which file or process
     */
    protected HoldfastException(String message) {
        super(message);
    }

    /**
     * A failure that another one led to.
     *
     * @param message what happened, to which file or process
     * @param cause the first failure
     */
    protected HoldfastException(String message, Throwable cause) {
        super(message, cause);
    }
}
