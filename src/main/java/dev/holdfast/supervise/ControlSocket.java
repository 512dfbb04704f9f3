package dev.holdfast.supervise;

import dev.holdfast.control.LongAnswer;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.PollSet;
import dev.holdfast.posix.processes.Children;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.sockets.UnixListener;
import dev.holdfast.posix.sockets.UnixStream;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where other processes ask the launcher for something, whatever pid namespace they live in. A source of the
 * loop: nothing here blocks, and what a turn of the loop does for it is bounded.
 *
 * <p>The socket's file lets in its owner and root only. The kernel's word on who connected is asked as well: a file in a
 * folder that somebody else may write could have been given away. Not safe for use by many threads.
 */
public final class ControlSocket implements EventSource, AutoCloseable {
    private static final int MOST_CONNECTIONS = 8;
    private static final int LISTENER_SLOT = 0;
    private static final int FIRST_LONG_SLOT = 1 + MOST_CONNECTIONS;
    private static final int ROOT = 0;
    /** The listener polls as readable for as long as somebody waits, also when no descriptor is left for him. */
    private static final Duration PAUSE_WITHOUT_DESCRIPTORS = Duration.ofSeconds(1);

    /** Whoever has said nothing for so long makes room for the next one when all places are taken. */
    private static final long SILENCE_NANOS = Duration.ofMillis(100).toNanos();

    private final Handler handler;
    private final Ticker ticker;
    private final List<ControlConnection> connections = new ArrayList<>(MOST_CONNECTIONS);
    /** Made at the first long request. */
    private @Nullable LongConnections longer;

    private @Nullable UnixListener listener;
    private long acceptFrom = Long.MIN_VALUE;

    /** Who understands the lines. */
    public interface Handler {
        /**
         * Does what is asked. Must not block.
         *
         * @param line without its newline; may hold anything, and be cut after 512 bytes
         * @param peer who asks: the launcher's own user, or root
         * @return the answer, or the longer work that it asks for
         */
        ControlReply answer(byte[] line, UnixStream.Peer peer);

        /**
         * The line for a long request that goes on.
         *
         * @param word one of {@link dev.holdfast.control.LongAnswer.Progress}
         */
        String progress(String word);

        /**
         * The last line for a long request that is not served.
         *
         * @param reason for whoever asked
         * @param kind one of {@link dev.holdfast.control.LongAnswer.Refusal}
         */
        String refusal(String reason, String kind);

        /** Does what has come up for its works, in each turn of the loop. Must not block. */
        void look();

        /** When it wants to look whatever happens, by {@link System#nanoTime}. */
        long deadline();

        /** A child was reaped, which may be one of a work's. */
        void heard(Children.News news);

        /** The server has ended: what works beside it ends, too. */
        void serverEnded();
    }

    /**
     * A socket that nobody listens on yet.
     *
     * @param handler who understands the lines
     */
    public ControlSocket(Handler handler, Ticker ticker) {
        this.handler = handler;
        this.ticker = ticker;
    }

    /**
     * Listens from now on.
     *
     * @param newListener the socket, closed with this; the one before is closed at once
     */
    public void listenOn(UnixListener newListener) {
        closeListener();
        listener = newListener;
    }

    /** The listener, each connection, and each of those with a longer work. */
    @Override
    public int slots() {
        return FIRST_LONG_SLOT + LongConnections.MOST;
    }

    @Override
    public void arm(PollSlots slots) {
        long now = ticker.nanoTime();
        boolean accepts = hasRoom(now) && now >= acceptFrom;
        slots.watch(LISTENER_SLOT, listener != null && accepts ? listener.descriptor() : -1, PollSet.READABLE);
        for (int i = 0; i < connections.size(); i++) {
            slots.watch(
                    LISTENER_SLOT + 1 + i,
                    connections.get(i).descriptor(),
                    connections.get(i).events());
        }
        if (longer != null) {
            longer.arm(slots, FIRST_LONG_SLOT);
        }
    }

    private boolean hasRoom(long now) {
        return connections.size() < MOST_CONNECTIONS || now - connections.get(0).since() >= SILENCE_NANOS;
    }

    /** The server has ended. To be called in the supervisor's thread. */
    public void serverEnded() {
        if (longer != null) {
            handler.serverEnded();
        }
    }

    @Override
    public void childChanged(Children.News news) {
        if (longer != null) {
            handler.heard(news);
        }
    }

    @Override
    public void serve(PollSlots slots) {
        long now = ticker.nanoTime();
        if (longer != null) {
            longer.serve(slots, FIRST_LONG_SLOT);
        }
        int slot = LISTENER_SLOT;
        for (Iterator<ControlConnection> each = connections.iterator(); each.hasNext(); ) {
            ControlConnection connection = each.next();
            int events = slots.returned(++slot);
            boolean isOver = (events != 0 && connection.serve(events, handler)) || connection.giveAnswer();
            ControlReply.Longer work = connection.longer();
            if (work != null && goesOn(connection, work)) {
                each.remove();
            } else if (isOver || now >= connection.deadline()) {
                connection.close();
                each.remove();
            }
        }
        if (longer != null) {
            handler.look();
            longer.goOn(now);
        }
        if (slots.returned(LISTENER_SLOT) != 0) {
            accept(now);
        }
    }

    /** Gives a long request one of the places for those; false when it was sent away. */
    private boolean goesOn(ControlConnection connection, ControlReply.Longer work) {
        LongConnections others = longer == null ? new LongConnections() : longer;
        longer = others;
        if (others.isFull()) {
            work.work().abandon();
            connection.send(handler.refusal("too many requests wait", LongAnswer.Refusal.AGAIN));
            return false;
        }
        others.add(connection.toLong(work, handler));
        return true;
    }

    private void accept(long now) {
        // Also bounded for those who are sent away: poll(2) returns at once while there are more.
        for (int i = 0; i < MOST_CONNECTIONS && hasRoom(now); i++) {
            int accepted = listener == null ? -Errno.EAGAIN : listener.accept();
            if (accepted < 0) {
                if (accepted != -Errno.EAGAIN) {
                    acceptFrom = now + PAUSE_WITHOUT_DESCRIPTORS.toNanos();
                }
                return;
            }
            if (connections.size() == MOST_CONNECTIONS) {
                connections.remove(0).close();
            }
            admit(accepted, now);
        }
    }

    private void admit(int accepted, long now) {
        UnixStream stream = new UnixStream(accepted);
        UnixStream.Peer peer;
        try {
            peer = stream.peer();
        } catch (PosixException e) {
            stream.close();
            return;
        }
        // A user of another user namespace has the overflow id here: ours only where that is who we are ourselves.
        if (peer.uid() == ROOT || peer.uid() == Self.effectiveUser()) {
            connections.add(new ControlConnection(stream, peer, now));
        } else {
            stream.close();
        }
    }

    @Override
    public long deadline() {
        long now = ticker.nanoTime();
        long next = acceptFrom > now ? acceptFrom : Ticker.NEVER;
        for (ControlConnection connection : connections) {
            next = Math.min(next, connection.deadline());
        }
        if (connections.size() == MOST_CONNECTIONS && !hasRoom(now)) {
            next = Math.min(next, connections.get(0).since() + SILENCE_NANOS);
        }
        return longer == null ? next : Math.min(next, Math.min(longer.deadline(), handler.deadline()));
    }

    private void closeListener() {
        if (listener != null) {
            listener.close();
            listener = null;
        }
    }

    /** Also removes the socket's file. */
    @Override
    public void close() {
        closeListener();
        // No method reference: linking it takes 2 ms, on the way from the server's end to the lock's release.
        for (ControlConnection connection : connections) {
            connection.close();
        }
        connections.clear();
        if (longer != null) {
            longer.close();
        }
    }
}
