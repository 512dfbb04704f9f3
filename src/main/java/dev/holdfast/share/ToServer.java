package dev.holdfast.share;

import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be written to the server: what the host says itself first, then the clients' messages, one of each client in
 * turn, and only while the server takes them.
 */
final class ToServer {
    /** How long a request waits for a server that is restarted. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int MOST_WAITING = 64;
    private static final int MOST_BYTES = 64 * 1024;

    private final Ticker ticker;
    private final Consumer<Waiting> sent;
    private final Deque<byte[]> first = new ArrayDeque<>();
    /** By client, who is next first. */
    private final Map<Integer, Deque<Waiting>> queues = new LinkedHashMap<>();

    private Gate gate = Gate.SHUT;

    /**
     * Nothing waits, and no server takes anything.
     *
     * @param sent is told of each message of a client's when it is written
     */
    ToServer(Ticker ticker, Consumer<Waiting> sent) {
        this.ticker = ticker;
        this.sent = sent;
    }

    /** Whether clients' messages go to the server. */
    enum Gate {
        /** No server has taken any yet. */
        SHUT,
        OPEN,
        /** The server is being restarted; nobody waits for ever. */
        RESTARTING,
        /** Nothing at all goes to it any more. */
        STOPPED
    }

    /**
     * A message of a client's.
     *
     * @param wireId its id at the server; 0 for a notification
     * @param revision of the era without a handshake; empty for the other era
     * @param since when it has come
     */
    record Waiting(int client, long wireId, String method, String revision, byte[] line, long since) {}

    void set(Gate next) {
        gate = next;
        if (next == Gate.STOPPED) {
            first.clear();
        }
    }

    /** For the server, before all that waits. */
    void tell(byte[] line) {
        if (gate != Gate.STOPPED) {
            first.add(line);
        }
    }

    void add(Waiting message) {
        queues.computeIfAbsent(message.client(), client -> new ArrayDeque<>()).add(message);
    }

    /** The next line with its newline; null while there is none. */
    byte @Nullable [] next() {
        byte[] own = first.poll();
        if (own != null) {
            return ended(own);
        }
        Iterator<Map.Entry<Integer, Deque<Waiting>>> turns = queues.entrySet().iterator();
        if (gate != Gate.OPEN || !turns.hasNext()) {
            return null;
        }
        Map.Entry<Integer, Deque<Waiting>> turn = turns.next();
        turns.remove();
        Waiting message = turn.getValue().remove();
        if (!turn.getValue().isEmpty()) {
            queues.put(turn.getKey(), turn.getValue());
        }
        sent.accept(message);
        return ended(message.line());
    }

    private static byte[] ended(byte[] line) {
        byte[] ended = Arrays.copyOf(line, line.length + 1);
        ended[line.length] = '\n';
        return ended;
    }

    /** Takes a request back; false when it has been sent, or never was here. */
    boolean withdraw(long wireId) {
        for (Iterator<Deque<Waiting>> each = queues.values().iterator(); each.hasNext(); ) {
            Deque<Waiting> queue = each.next();
            if (queue.removeIf(message -> message.wireId() == wireId)) {
                if (queue.isEmpty()) {
                    each.remove();
                }
                return true;
            }
        }
        return false;
    }

    /** Takes back all that a client still has here. */
    void forget(int client) {
        queues.remove(client);
    }

    boolean isUnsent(long wireId) {
        return queues.values().stream().flatMap(Deque::stream).anyMatch(message -> message.wireId() == wireId);
    }

    /** All that has not been sent, in no order between clients. */
    List<Waiting> unsent() {
        List<Waiting> all = new ArrayList<>();
        queues.values().forEach(all::addAll);
        return all;
    }

    /** Whether a client may add more. */
    boolean takesFrom(int client) {
        Deque<Waiting> queue = queues.getOrDefault(client, new ArrayDeque<>());
        return queue.size() < MOST_WAITING
                && queue.stream().mapToInt(message -> message.line().length).sum() < MOST_BYTES;
    }

    /** Those that have waited too long. */
    List<Waiting> overdue() {
        List<Waiting> all = gate == Gate.RESTARTING ? unsent() : new ArrayList<>();
        long now = ticker.nanoTime();
        all.removeIf(message -> now - message.since() < PATIENCE.toNanos());
        return all;
    }

    /** When the next one will have waited too long. */
    long deadline() {
        return gate == Gate.RESTARTING
                ? unsent().stream()
                        .mapToLong(message -> message.since() + PATIENCE.toNanos())
                        .min()
                        .orElse(Ticker.NEVER)
                : Ticker.NEVER;
    }
}
