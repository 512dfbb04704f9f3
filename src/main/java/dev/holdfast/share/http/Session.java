package dev.holdfast.share.http;

import dev.holdfast.json.Envelope;
import dev.holdfast.json.Envelope.Member;
import dev.holdfast.share.Bye;
import dev.holdfast.share.Client;
import dev.holdfast.share.Errors;
import dev.holdfast.share.Outgoing;
import dev.holdfast.share.RawValue;
import dev.holdfast.share.host.Peer;
import dev.holdfast.share.host.PeerHost;
import dev.holdfast.waiting.Ticker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One client over HTTP: what it has sent and what it is told go by several exchanges. All methods are for the host's thread,
 * but for those that say otherwise.
 */
final class Session implements Peer {
    private static final String CANCELLED = "notifications/cancelled";

    private final PeerHost host;
    private final Client client;
    private final boolean isForOneRequest;
    private final Map<String, Mailbox> byRequest = new HashMap<>();
    private final Map<String, Mailbox> byToken = new HashMap<>();
    private final Deque<Sent> waiting = new ArrayDeque<>();
    private final Unheard unheard = new Unheard();
    /** Whose exchanges may still be writing. */
    private final List<Mailbox> unfinished = new ArrayList<>();

    private final Untaken untaken;
    private @Nullable Mailbox listener;
    private @Nullable Bye farewell;
    private boolean isOver;

    /**
     * One that is attached.
     *
     * @param isForOneRequest whether it ends with its first request, as all that a client without a handshake has
     */
    Session(PeerHost host, Client client, boolean isForOneRequest, Ticker ticker) {
        this.host = host;
        this.client = client;
        this.isForOneRequest = isForOneRequest;
        untaken = new Untaken(client.outgoing()::held, ticker);
    }

    /** A message that the server is not ready for. */
    private static final class Sent {
        private final byte[] line;
        private final Envelope message;
        private final Mailbox box;
        private final boolean isRequest;

        Sent(byte[] line, Envelope message, Mailbox box, boolean isRequest) {
            this.line = line;
            this.message = message;
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
        return untaken.taken(bytes);
    }

    /** Lets the host take a message, if it is this one's turn, and gives up a client that does not read. */
    void look() {
        untaken.count();
        goOn();
        if (untaken.isStuck()) {
            untaken.givenUp();
            farewell = Bye.SLOW;
            close();
            unfinished.forEach(Mailbox::breakOff);
        }
    }

    /** When {@link #look} is to be called at the latest, by the ticker. */
    long deadline() {
        return untaken.deadline();
    }

    /** Whether it is over, and nothing of it is in memory. */
    boolean isSettled() {
        return isOver && untaken.isNone();
    }

    /**
     * Takes a request.
     *
     * @param message what is in it; its id is a valid one
     * @param box for what is answered
     */
    void ask(byte[] line, Envelope message, Mailbox box) {
        RawValue id = RawValue.of(line, message, Member.ID).orElseThrow();
        begun(box);
        if (isOver()) {
            box.end();
        } else if (byRequest.putIfAbsent(id.key(), box) != null) {
            give(box, Errors.answer(id.json(), Errors.INVALID_REQUEST, "a request with this id is open"), true);
        } else {
            RawValue.of(line, message, Member.META_PROGRESS_TOKEN).ifPresent(token -> byToken.put(token.key(), box));
            waiting.add(new Sent(line, message, box, true));
        }
    }

    /**
     * Takes a notification, or an answer.
     *
     * @param box is ended when it has been taken
     */
    void tell(byte[] line, Envelope message, Mailbox box) {
        if (isOver()) {
            box.end();
        } else {
            waiting.add(new Sent(line, message, box, false));
        }
    }

    private void begun(Mailbox box) {
        unfinished.removeIf(Mailbox::isClosed);
        unfinished.add(box);
    }

    /** Gives the host a message, if it takes one now: each client has its turn. */
    private void goOn() {
        if (hasTurn()) {
            Sent next = waiting.remove();
            host.multiplexer().fromClient(client, next.line);
            if (!next.isRequest) {
                takeBack(next);
                next.box.end();
            }
            if (!next.isRequest && isForOneRequest) {
                close();
            }
        }
    }

    /** Nobody answers a request that its client has cancelled. */
    private void takeBack(Sent notification) {
        Envelope message = notification.message;
        if (message.text(Member.METHOD).orElse("").equals(CANCELLED)) {
            RawValue.of(notification.line, message, Member.PARAMS_REQUEST_ID)
                    .map(id -> byRequest.remove(id.key()))
                    .ifPresent(box -> {
                        byToken.values().removeIf(each -> each == box);
                        box.takeBack();
                    });
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
        begun(box);
        Mailbox former = listener;
        listener = box;
        if (former != null) {
            reclaim(former);
            former.end();
        }
        for (byte[] line : unheard.takeAll()) {
            give(box, line, false);
        }
    }

    /** An exchange has ended in whatever way: what it was given and has not begun to send goes elsewhere, or nowhere. */
    void left(Mailbox box) {
        if (listener == box) {
            listener = null;
        }
        byToken.values().removeIf(each -> each == box);
        byRequest.values().removeIf(each -> each == box);
        reclaim(box);
        if (isForOneRequest) {
            close(); // by which the server is told that nobody waits for it
        }
    }

    private void reclaim(Mailbox box) {
        for (byte[] line : box.takeRest()) {
            var unused = untaken.taken(line.length);
            if (!isOver) {
                Envelope.of(line).filter(each -> each.has(Member.METHOD)).ifPresent(each -> tellSomewhere(line, each));
            }
        }
        untaken.count();
    }

    @Override
    public void flush() {
        Outgoing outgoing = client.outgoing();
        byte[] line = outgoing.first();
        while (line != null && !isOver && (farewell != null || untaken.mayGive())) {
            outgoing.written(line.length + 1);
            deliver(line);
            line = outgoing.first();
        }
        if (farewell != null) {
            close();
        }
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
        untaken.given(line.length);
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
        }
        if (farewell == Bye.SLOW) {
            unfinished.forEach(Mailbox::breakOff); // they wait for a client that does not read
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
