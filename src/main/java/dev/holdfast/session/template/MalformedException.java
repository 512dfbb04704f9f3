package dev.holdfast.session.template;

/** A text is not of its format. Nothing of it is told: it may be a secret. */
final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int line;

    /**
     * One that a parser refuses.
     *
     * @param line where, from 1; 0 when that cannot be told
     */
    MalformedException(int line, Throwable cause) {
        super("line " + line, cause);
        this.line = line;
    }

    /** One that a parser takes, and should not. */
    MalformedException(int line) {
        super("line " + line);
        this.line = line;
    }

    int line() {
        return line;
    }
}
