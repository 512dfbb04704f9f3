package dev.holdfast.supervise;

import dev.holdfast.control.LongAnswer;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.PollSet;
import dev.holdfast.posix.processes.Children;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.sockets.UnixListener;
import dev.holdfast.posix.sockets.UnixStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where other processes ask the launcher for something, whatever pid namespace they live in. Part of the supervisor's
 * loop: nothing here blocks, and what a turn of the loop does for it is bounded.
 *
 * <p>The socket's file lets in its owner and root only. The kernel's word on who connected is asked as well: a file in a
 * folder that somebody else may write could have been given away. Not safe for use by many threads.
 */
public final class ControlSocket implements AutoCloseable {
    private static final int MOST_CONNECTIONS = 8;
    /** Places in a poll set: the listener, each connection, and each of those with a longer work. */
    static final int SLOTS = 1 + MOST_CONNECTIONS + LongConnections.MOST;

    private static final int ROOT = 0;
    private static final long NEVER = Long.MAX_VALUE;
    /** The listener polls as readable for as long as somebody waits, also when no descriptor is left for him. */
    private static final Duration PAUSE_WITHOUT_DESCRIPTORS = Duration.ofSeconds(1);

    /** Whoever has said nothing for so long makes room for the next one when all places are taken. */
    private static final long SILENCE_NANOS = Duration.ofMillis(100).toNanos();

    private final Handler handler;
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
    public ControlSocket(Handler handler) {
        this.handler = handler;
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

    /** Puts what to wait for into the slots from the first one on. */
    void arm(PollSet poll, int first) {
        long now = System.nanoTime();
        boolean accepts = listener != null && hasRoom(now) && now >= acceptFrom;
        poll.set(first, listener != null && accepts ? listener.descriptor() : -1, PollSet.READABLE);
        for (int i = 0; i < MOST_CONNECTIONS; i++) {
            int descriptor = i < connections.size() ? connections.get(i).descriptor() : -1;
            poll.set(first + 1 + i, descriptor, PollSet.READABLE);
        }
        if (longer != null) {
            longer.arm(poll, first + 1 + MOST_CONNECTIONS);
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

    /** A child was reaped. */
    void heard(Children.News news) {
        if (longer != null) {
            handler.heard(news);
        }
    }

    /** Does what has come up since {@link #arm}. */
    void serve(PollSet poll, int first) {
        long now = System.nanoTime();
        if (longer != null) {
            longer.serve(poll, first + 1 + MOST_CONNECTIONS);
        }
        int slot = first;
        for (Iterator<ControlConnection> each = connections.iterator(); each.hasNext(); ) {
            ControlConnection connection = each.next();
            int events = poll.returned(++slot);
            boolean isOver = events != 0 && connection.serve(events, handler);
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
        if (poll.returned(first) != 0) {
            accept(now);
        }
    }

    /** Gives a long request one of the places for those; false when it was sent away. */
    private boolean goesOn(ControlConnection connection, ControlReply.Longer work) {
        LongConnections others = longer == null ? new LongConnections() : longer;
        longer = others;
        if (others.isFull()) {
            work.work().abandon();
            connection.refuse(handler.refusal("too many requests wait", LongAnswer.Refusal.AGAIN));
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
            admit(accepted);
        }
    }

    private void admit(int accepted) {
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
            connections.add(new ControlConnection(stream, peer));
        } else {
            stream.close();
        }
    }

    /** When it wants to be served whatever happens, by {@link System#nanoTime}. */
    long deadline() {
        long next = acceptFrom > System.nanoTime() ? acceptFrom : NEVER;
        for (ControlConnection connection : connections) {
            next = Math.min(next, connection.deadline());
        }
        if (connections.size() == MOST_CONNECTIONS && !hasRoom(System.nanoTime())) {
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
