package dev.holdfast.share.http;

import dev.holdfast.json.Envelope;
import dev.holdfast.json.Envelope.Member;
import dev.holdfast.share.Bye;
import dev.holdfast.share.Client;
import dev.holdfast.share.Errors;
import dev.holdfast.share.Outgoing;
import dev.holdfast.share.RawValue;
import dev.holdfast.share.host.Host;
import dev.holdfast.share.host.Peer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One client over HTTP: what it has sent and what it is told go by several exchanges. All methods are for the host's thread,
 * but for those that say otherwise.
 */
final class Session implements Peer {
    /** What its exchanges have not taken yet; the rest stays in {@link Outgoing}, which has its own bounds. */
    private static final long MOST_BYTES_UNTAKEN = 4 << 20;

    private final Host host;
    private final Client client;
    private final boolean isForOneRequest;
    private final Map<String, Mailbox> byRequest = new HashMap<>();
    private final Map<String, Mailbox> byToken = new HashMap<>();
    private final Deque<Sent> waiting = new ArrayDeque<>();
    private final Unheard unheard = new Unheard();
    private final AtomicLong untaken = new AtomicLong();
    /** Whether something stays in {@link Outgoing} since too much is untaken. */
    private volatile boolean isHeldBack;

    private @Nullable Mailbox listener;
    private @Nullable Bye farewell;
    private boolean isOver;

    /**
     * One that is attached.
     *
     * @param isForOneRequest whether it ends with its first request, as all that a client without a handshake has
     */
    Session(Host host, Client client, boolean isForOneRequest) {
        this.host = host;
        this.client = client;
        this.isForOneRequest = isForOneRequest;
    }

    /** A message that the server is not ready for. */
    private static final class Sent {
        private final byte[] line;
        private final Mailbox box;
        private final boolean isRequest;

        Sent(byte[] line, Mailbox box, boolean isRequest) {
            this.line = line;
            this.box = box;
            this.isRequest = isRequest;
        }
    }

    @Override
    public Client client() {
        return client;
    }

    @Override
    public boolean isForOneRequest() {
        return isForOneRequest;
    }

    @Override
    public String origin() {
        return "http";
    }

    @Override
    public int descriptor() {
        return -1;
    }

    @Override
    public void isWritable() {}

    boolean isOver() {
        return isOver || farewell != null;
    }

    /** Whether a request or a listener is open. */
    boolean isBusy() {
        return listener != null || !byRequest.isEmpty() || !waiting.isEmpty();
    }

    /**
     * An exchange has sent this much. Safe to be called by any thread.
     *
     * @return whether there may be more for it now: {@link #flush} is to be called
     */
    boolean taken(int bytes) {
        return untaken.addAndGet(-bytes) < MOST_BYTES_UNTAKEN && isHeldBack;
    }

    /**
     * Takes a request.
     *
     * @param message what is in it; its id is a valid one
     * @param box for what is answered
     */
    void ask(byte[] line, Envelope message, Mailbox box) {
        RawValue id = RawValue.of(line, message, Member.ID).orElseThrow();
        if (isOver()) {
            box.end();
        } else if (byRequest.putIfAbsent(id.key(), box) != null) {
            give(box, Errors.answer(id.json(), Errors.INVALID_REQUEST, "a request with this id is open"), true);
        } else {
            RawValue.of(line, message, Member.META_PROGRESS_TOKEN).ifPresent(token -> byToken.put(token.key(), box));
            waiting.add(new Sent(line, box, true));
        }
    }

    /**
     * Takes a notification, or an answer.
     *
     * @param box is ended when it has been taken
     */
    void tell(byte[] line, Mailbox box) {
        if (isOver()) {
            box.end();
        } else {
            waiting.add(new Sent(line, box, false));
        }
    }

    /** Gives the host a message, if it takes one now: each client has its turn. */
    void goOn() {
        if (hasTurn()) {
            Sent next = waiting.remove();
            host.multiplexer().fromClient(client, next.line);
            if (!next.isRequest) {
                next.box.end();
                closeIfDone();
            }
        }
    }

    /** Whether {@link #goOn} would do something. */
    boolean hasTurn() {
        return !isOver() && !waiting.isEmpty() && host.multiplexer().takesFrom(client);
    }

    /** Tells a client by this exchange what is nobody's answer. The one before is ended. */
    void listen(Mailbox box) {
        if (isOver()) {
            box.end();
            return;
        }
        if (listener != null) {
            listener.end();
        }
        listener = box;
        for (byte[] line : unheard.takeAll()) {
            give(box, line, false);
        }
    }

    /** An exchange has broken. */
    void left(Mailbox box) {
        if (listener == box) {
            listener = null;
        }
        byToken.values().removeIf(each -> each == box);
        boolean wasOpen = byRequest.values().removeIf(each -> each == box);
        if (isForOneRequest && wasOpen) {
            close(); // by which the server is told that nobody waits for it
        }
    }

    @Override
    public void flush() {
        Outgoing outgoing = client.outgoing();
        byte[] line = outgoing.first();
        while (line != null && !isOver && mayGive()) {
            outgoing.written(line.length);
            deliver(Arrays.copyOf(line, line.length - 1)); // without its end
            line = outgoing.first();
        }
        if (farewell != null) {
            close();
        }
    }

    /** The flag is set before the second look: the exchange that takes the last of it looks at the flag after that. */
    private boolean mayGive() {
        isHeldBack = false;
        if (farewell != null || untaken.get() < MOST_BYTES_UNTAKEN) {
            return true;
        }
        isHeldBack = true;
        return untaken.get() < MOST_BYTES_UNTAKEN;
    }

    private void deliver(byte[] line) {
        Optional<Envelope> message = Envelope.of(line);
        if (message.isEmpty()) {
            return;
        }
        if (message.get().has(Member.METHOD)) {
            tellSomewhere(line, message.get());
            return;
        }
        Mailbox box = RawValue.of(line, message.get(), Member.ID)
                .map(id -> byRequest.remove(id.key()))
                .orElse(null);
        if (box != null) {
            byToken.values().removeIf(each -> each == box);
            give(box, line, true);
        }
        closeIfDone();
    }

    private void closeIfDone() {
        if (isForOneRequest && byRequest.isEmpty()) {
            close();
        }
    }

    private void tellSomewhere(byte[] line, Envelope message) {
        boolean isProgress = message.has(Member.PARAMS_PROGRESS_TOKEN);
        Mailbox box = isProgress
                ? RawValue.of(line, message, Member.PARAMS_PROGRESS_TOKEN)
                        .map(token -> byToken.get(token.key()))
                        .orElse(null)
                : listener;
        if (!isProgress && box == null && (isForOneRequest || message.has(Member.ID))) {
            box = anyStream(); // for its one request, or a question to whoever has asked
        }
        if (box != null && box.isStream()) {
            give(box, line, false);
        } else if (!isProgress) {
            unheard.add(line);
        }
    }

    private @Nullable Mailbox anyStream() {
        return byRequest.values().stream().filter(Mailbox::isStream).findFirst().orElse(null);
    }

    private void give(Mailbox box, byte[] line, boolean isLast) {
        untaken.addAndGet(line.length);
        box.put(line, isLast);
    }

    @Override
    public void dismiss(Bye why, int exitCode) {
        farewell = why;
    }

    /** Does nothing the second time. */
    @Override
    public void close() {
        if (isOver) {
            return;
        }
        isOver = true;
        for (Mailbox each : open()) {
            each.end();
            if (farewell == Bye.SLOW) {
                each.breakOff();
            }
        }
        listener = null;
        byRequest.clear();
        byToken.clear();
        waiting.clear();
        host.left(this);
    }

    private List<Mailbox> open() {
        List<Mailbox> open = new ArrayList<>(byRequest.values());
        waiting.stream().filter(each -> !each.isRequest).forEach(each -> open.add(each.box));
        if (listener != null) {
            open.add(listener);
        }
        return open;
    }
}
