package dev.holdfast.json;

import java.util.Arrays;
import java.util.Optional;

/**
 * Several messages of JSON-RPC in one array, as version 2025-03-26 of the Model Context Protocol has them. Each is looked
 * over when it is asked for, so the memory is bounded by the bytes that came. Throws for no input.
 *
 * @see <a href="https://www.jsonrpc.org/specification#batch">JSON-RPC 2.0 Specification, 6 Batch</a>
 */
public final class Batch {
    private final byte[] bytes;
    /** Where each begins, and behind it where it ends. */
    private int[] spans = new int[16];

    private int size;

    private Batch(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Finds the elements.
     *
     * @param bytes kept, not copied
     * @return empty when it is not one JSON array
     */
    public static Optional<Batch> of(byte[] bytes) {
        int first = 0;
        while (first < bytes.length && bytes[first] <= ' ' && bytes[first] >= 0) {
            first++;
        }
        if (first == bytes.length || bytes[first] != '[') {
            return Optional.empty();
        }
        Batch batch = new Batch(bytes);
        return new JsonScanner(bytes, first, bytes.length, 1, batch.new Finder()).isWellFormed()
                ? Optional.of(batch)
                : Optional.empty();
    }

    /** How many elements there are. */
    public int size() {
        return size;
    }

    /**
     * One of them.
     *
     * @param index from 0 on
     * @return empty when it is no message
     */
    public Optional<Envelope> message(int index) {
        return Envelope.of(bytes, spans[2 * index], spans[2 * index + 1]);
    }

    /** The bytes of one of them, copied. */
    public byte[] bytes(int index) {
        return Arrays.copyOfRange(bytes, spans[2 * index], spans[2 * index + 1]);
    }

    private final class Finder implements JsonScanner.Visitor {
        @Override
        public void opened(int depth) {}

        @Override
        public void name(int depth, int from, int to) {}

        @Override
        public void value(int depth, int from, int to) {
            if (2 * size == spans.length) {
                spans = Arrays.copyOf(spans, 4 * size);
            }
            spans[2 * size] = from;
            spans[2 * size + 1] = to;
            size++;
        }
    }
}
