package dev.holdfast.share;

import dev.holdfast.json.Envelope;
import dev.holdfast.json.Envelope.Member;
import dev.holdfast.waiting.Ticker;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is to be written to a client: messages, each with its newline, in their order. A client that does not read has its
 * notifications thinned out, then is not read from, and is given up at last; answers are never dropped. Not safe for use by
 * several threads.
 */
public final class Outgoing {
    private static final long CROWDED = 1L << 20;
    private static final long BLOCKED = 16L << 20;
    private static final long LOST = 64L << 20;
    /** What an entry costs beside its bytes. */
    private static final int OVERHEAD = 128;

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final TreeMap<Long, Entry> entries = new TreeMap<>();
    private final Map<String, Long> newest = new HashMap<>();
    private final Deque<Long> logged = new ArrayDeque<>();
    private final Ticker ticker;
    private final QueuedBytes total;
    private final Consumer<String> dropped;
    private long next;
    private long bytes;
    private int written;
    private long lastTaken;

    /**
     * Empty.
     *
     * @param total counts what waits for all clients
     * @param dropped is told of each notification that is left out: {@code progress} or {@code message}
     */
    Outgoing(Ticker ticker, QueuedBytes total, Consumer<String> dropped) {
        this.ticker = ticker;
        this.total = total;
        this.dropped = dropped;
    }

    /** Empty, and of one client alone. */
    Outgoing() {
        this(Ticker.SYSTEM, new QueuedBytes(), any -> {});
    }

    /** A message, and of which others it is the newest one; null when it is of none. */
    private static final class Entry {
        private final byte[] line;
        private final @Nullable String key;

        Entry(byte[] line, @Nullable String key) {
            this.line = line;
            this.key = key;
        }

        byte[] line() {
            return line;
        }

        @Nullable
        String key() {
            return key;
        }

        long cost() {
            return line.length + 1 + (long) OVERHEAD;
        }
    }

    /**
     * Adds an answer, or what else must not be lost.
     *
     * @param line without its end
     */
    void add(byte[] line) {
        append(line, null);
    }

    /**
     * Adds what the server has sent of itself: a notification, of which the last one of its kind may be enough, or a request.
     *
     * @param line without its end
     */
    void tell(byte[] line) {
        Optional<Envelope> message = Envelope.of(line);
        String method = message.map(Messages::method).orElse("");
        if (message.isEmpty() || message.get().has(Member.ID)) {
            add(line);
        } else if (method.equals(Messages.PROGRESS)) {
            progress(line, message.get());
        } else if (method.equals(Messages.UPDATED)) {
            replace(method + " " + message.get().text(Member.PARAMS_URI).orElse(""), line);
        } else if (method.endsWith(Messages.LIST_CHANGED) && !message.get().has(Member.META_SUBSCRIPTION_ID)) {
            replace(method, line);
        } else if (method.equals(Messages.LOGGED)) {
            logged.add(append(line, null));
            thin();
        } else {
            add(line);
        }
    }

    private void progress(byte[] line, Envelope message) {
        String token = RawValue.of(line, message, Member.PARAMS_PROGRESS_TOKEN)
                .map(RawValue::key)
                .orElse("");
        String key = Messages.PROGRESS + " " + token;
        if (isCrowded() && remove(newest.get(key))) {
            dropped.accept("progress");
        }
        append(line, key);
        thin();
    }

    /** Not in its place: an answer between the two may be of before the second. */
    private void replace(String key, byte[] line) {
        remove(newest.get(key));
        append(line, key);
    }

    private long append(byte[] line, @Nullable String key) {
        if (entries.isEmpty()) {
            lastTaken = ticker.nanoTime();
        }
        long number = next++;
        Entry entry = new Entry(line, key);
        entries.put(number, entry);
        count(entry.cost());
        if (key != null) {
            newest.put(key, number);
        }
        return number;
    }

    private void thin() {
        while (isCrowded() && !logged.isEmpty()) {
            if (remove(logged.poll())) {
                dropped.accept("message");
            }
        }
    }

    /** False when it is not there, or its first bytes are written already. */
    private boolean remove(@Nullable Long number) {
        boolean isBegun = written > 0 && number != null && number.equals(entries.firstKey());
        Entry entry = number == null || isBegun ? null : entries.remove(number);
        if (entry == null || number == null) {
            return false;
        }
        forget(number, entry);
        return true;
    }

    private void forget(Long number, Entry entry) {
        count(-entry.cost());
        if (entry.key() != null) {
            newest.remove(entry.key(), number);
        }
    }

    private void count(long change) {
        bytes += change;
        total.add(change);
    }

    private boolean isCrowded() {
        return bytes > CROWDED;
    }

    /** What is no longer here is still in memory, on its way to the client: so much more, or less. */
    public void held(long change) {
        total.add(change);
    }

    /** Whether so much waits that nothing more is to be read from the client. */
    boolean isBlocked() {
        return bytes > BLOCKED;
    }

    /** Whether the client is to be given up: far too much waits, or it has taken nothing for too long. */
    boolean isLost() {
        return bytes > LOST || (!entries.isEmpty() && ticker.nanoTime() - lastTaken >= PATIENCE_NANOS);
    }

    /** When {@link #isLost} may become true by itself, by the ticker. */
    long deadline() {
        return entries.isEmpty() ? Ticker.NEVER : lastTaken + PATIENCE_NANOS;
    }

    /** The client is gone: nothing waits for it any more. */
    void clear() {
        count(-bytes);
        entries.clear();
        newest.clear();
        logged.clear();
        written = 0;
    }

    /** Whether there is nothing to write. */
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /**
     * The message that is next, without its end; null for none. Not to be changed: others may have the same. Of it and its end
     * {@link #offset} bytes have been written.
     */
    public byte @Nullable [] first() {
        Map.Entry<Long, Entry> first = entries.firstEntry();
        return first == null ? null : first.getValue().line();
    }

    /** How many of the first ones have been written. */
    public int offset() {
        return written;
    }

    /** Takes what waits. */
    @FunctionalInterface
    public interface Taker {
        /**
         * The next message.
         *
         * @param line without its end; not to be changed
         * @param from the first byte that has not been written; the line's length where only its end has not
         * @return whether it wants one more
         */
        boolean take(byte[] line, int from);
    }

    /** Shows what waits, in its order. It stays until it is {@link #written}. */
    public void show(Taker taker) {
        int from = written;
        for (Entry entry : entries.values()) {
            if (!taker.take(entry.line(), from)) {
                return;
            }
            from = 0;
        }
    }

    /** So many more bytes have been written, of one message or of several, with their ends. */
    public void written(int count) {
        if (count <= 0 || entries.isEmpty()) {
            return;
        }
        lastTaken = ticker.nanoTime();
        written += count;
        Map.Entry<Long, Entry> first = entries.firstEntry();
        while (first != null && written > first.getValue().line().length) {
            written -= first.getValue().line().length + 1;
            passed(first.getKey(), first.getValue());
            first = entries.firstEntry();
        }
    }

    private void passed(Long number, Entry entry) {
        entries.remove(number);
        forget(number, entry);
        if (number.equals(logged.peek())) { // they are in order
            logged.remove();
        }
    }
}
