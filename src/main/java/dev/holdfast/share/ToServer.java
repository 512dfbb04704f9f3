package dev.holdfast.share;

import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
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
    /** More, since what follows them passes them by: the client may want to cancel one. */
    private static final int MOST_CALLS = 1000;

    private static final int MOST_BYTES_OF_CALLS = 1024 * 1024;

    private final Ticker ticker;
    private final Callers callers;
    private final Predicate<Waiting> isWritten;
    private final Deque<byte[]> first = new ArrayDeque<>();
    /** By client, who is next first. */
    private final Map<Integer, Deque<Waiting>> queues = new LinkedHashMap<>();

    private Gate gate = Gate.SHUT;
    /** What was due then has been seen to. */
    private long looked;

    /**
     * Nothing waits, and no server takes anything.
     *
     * @param callers tells whether one more call may run
     * @param isWritten is asked for each message of a client's when its turn has come; false when it is seen to
     */
    ToServer(Ticker ticker, Callers callers, Predicate<Waiting> isWritten) {
        this.ticker = ticker;
        this.callers = callers;
        this.isWritten = isWritten;
        looked = ticker.nanoTime();
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

    /** A message of a client's. */
    static final class Waiting {
        private final int client;
        private final long wireId;
        private final String method;
        private final String revision;
        private final byte[] line;
        private final long since;
        private final long notBefore;

        /**
         * One that has just come.
         *
         * @param wireId its id at the server; 0 for a notification
         * @param revision of the era without a handshake; empty for the other era
         * @param since when it has come
         * @param notBefore when its client may send it
         */
        Waiting(int client, long wireId, String method, String revision, byte[] line, long since, long notBefore) {
            this.client = client;
            this.wireId = wireId;
            this.method = method;
            this.revision = revision;
            this.line = line;
            this.since = since;
            this.notBefore = notBefore;
        }

        int client() {
            return client;
        }

        long wireId() {
            return wireId;
        }

        String method() {
            return method;
        }

        String revision() {
            return revision;
        }

        byte[] line() {
            return line;
        }

        long since() {
            return since;
        }

        long notBefore() {
            return notBefore;
        }

        boolean isCall() {
            return method.equals(Callers.CALL);
        }
    }

    void set(Gate next) {
        gate = next;
        if (next == Gate.STOPPED) {
            first.clear();
        }
    }

    /** The server is gone: what the host had to say to it is nothing to the next one. */
    void serverEnded() {
        first.clear();
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

    /** The next line, without its end; null while there is none. */
    byte @Nullable [] next() {
        while (true) {
            byte[] own = first.poll();
            if (own != null) {
                return own;
            }
            Waiting message = gate == Gate.OPEN ? take() : null;
            if (message == null) {
                return null;
            }
            if (isWritten.test(message)) {
                return message.line();
            }
        }
    }

    private @Nullable Waiting take() {
        for (Map.Entry<Integer, Deque<Waiting>> turn : queues.entrySet()) {
            Waiting message = take(turn.getValue());
            if (message != null) {
                toTheBack(turn.getKey());
                return message;
            }
        }
        return null;
    }

    /** The first one that may go: what is no call passes by those that wait. */
    private @Nullable Waiting take(Deque<Waiting> queue) {
        boolean doCallsWait = !callers.hasPlace();
        for (Iterator<Waiting> all = queue.iterator(); all.hasNext(); ) {
            Waiting message = all.next();
            doCallsWait |= message.isCall() && message.notBefore() > ticker.nanoTime();
            if (!message.isCall() || !doCallsWait) {
                all.remove();
                return message;
            }
        }
        return null;
    }

    private void toTheBack(Integer client) {
        Deque<Waiting> queue = queues.remove(client);
        if (queue != null && !queue.isEmpty()) {
            queues.put(client, queue);
        }
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
        int passing = 0;
        int passingBytes = 0;
        int bytes = 0;
        for (Waiting each : queue) {
            bytes += each.line().length;
            if (!each.isCall() || callers.isUnlimited()) {
                passing++;
                passingBytes += each.line().length;
            }
        }
        return passing < MOST_WAITING
                && passingBytes < MOST_BYTES
                && queue.size() < MOST_CALLS
                && bytes < MOST_BYTES_OF_CALLS;
    }

    /** Those that have waited too long. */
    List<Waiting> overdue() {
        List<Waiting> all = gate == Gate.RESTARTING ? unsent() : new ArrayList<>();
        long now = ticker.nanoTime();
        all.removeIf(message -> now - message.since() < PATIENCE.toNanos());
        return all;
    }

    /** When {@link #look} is to be called: one will have waited too long, or may go. */
    long deadline() {
        long next = Ticker.NEVER;
        for (Waiting each : unsent()) {
            if (gate == Gate.RESTARTING) {
                next = Math.min(next, each.since() + PATIENCE.toNanos());
            } else if (each.notBefore() > looked) {
                next = Math.min(next, each.notBefore());
            }
        }
        return queues.isEmpty() ? next : Math.min(next, callers.nextPlace(looked));
    }

    /** {@link #next} is to be asked again afterwards. */
    void look() {
        looked = ticker.nanoTime();
    }
}
