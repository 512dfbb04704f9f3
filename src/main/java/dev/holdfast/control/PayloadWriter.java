package dev.holdfast.control;

import java.io.ByteArrayOutputStream;
import java.util.List;

/** Writes what {@link Payload} reads. Not for more than one payload, and not for several threads. */
public final class PayloadWriter {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int strings;

    /**
     * Adds arguments, in their order.
     *
     * @param arguments byte for byte, without NUL
     * @return this
     */
    public PayloadWriter arguments(List<byte[]> arguments) {
        for (byte[] argument : arguments) {
            add(Payload.ARGUMENT, argument);
        }
        return this;
    }

    /**
     * Adds an environment variable.
     *
     * @param entry {@code NAME=value}, byte for byte, without NUL
     * @return this
     */
    public PayloadWriter variable(byte[] entry) {
        add(Payload.VARIABLE, entry);
        return this;
    }

    /**
     * Adds the folder.
     *
     * @param path byte for byte, without NUL
     * @return this
     */
    public PayloadWriter folder(byte[] path) {
        add(Payload.FOLDER, path);
        return this;
    }

    /**
     * Adds something else.
     *
     * @param entry {@code key=value}, byte for byte, without NUL
     * @return this
     */
    public PayloadWriter option(byte[] entry) {
        add(Payload.OPTION, entry);
        return this;
    }

    private void add(char kind, byte[] string) {
        strings++;
        bytes.write(kind);
        for (int shift = 24; shift >= 0; shift -= 8) {
            bytes.write(string.length >>> shift);
        }
        bytes.write(string, 0, string.length);
        bytes.write(0);
    }

    /** Whether it is short enough to be taken. */
    public boolean isShortEnough() {
        return bytes.size() <= Payload.LONGEST && strings <= Payload.MOST_STRINGS;
    }

    /** All of it. */
    public byte[] end() {
        return bytes.toByteArray();
    }
}
