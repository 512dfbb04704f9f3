package dev.holdfast.example;

/** What is on disk does not belong together. */
public final class CorruptIndexException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CorruptIndexException(String message) {
        super(message);
    }
}
