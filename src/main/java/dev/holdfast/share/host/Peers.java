package dev.holdfast.share.host;

import dev.holdfast.journal.Journal;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.share.Client;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who is attached to a shared server, and how long its host stays when nobody is. Not safe for use by many threads. */
final class Peers {
    /** The first client has so long to come, whatever the linger is. */
    private static final Duration LEAST_FIRST_LINGER = Duration.ofSeconds(10);

    private final Optional<Duration> linger;
    private final Journal journal;
    private final Ticker ticker;
    private final List<Peer> all = new ArrayList<>();
    /** When nobody has been attached for too long. */
    private long leaveAt;

    /**
     * Nobody has come yet.
     *
     * @param linger how long the host stays after the last one; empty for ever
     */
    Peers(Optional<Duration> linger, Journal journal, Ticker ticker) {
        this.linger = linger;
        this.journal = journal;
        this.ticker = ticker;
        lingerFor(LEAST_FIRST_LINGER);
    }

    void joined(Peer peer) {
        all.add(peer);
        leaveAt = Ticker.NEVER;
        Client client = peer.client();
        tell(
                peer,
                "attached client=" + client.number() + " " + peer.origin()
                        + (client.name().isEmpty() ? "" : " name=\"" + client.name() + "\""));
    }

    void left(Peer peer) {
        all.remove(peer);
        tell(peer, "detached client=" + peer.client().number() + " " + peer.origin());
        if (all.isEmpty()) {
            lingerFor(Duration.ZERO);
        }
    }

    private void tell(Peer peer, String line) {
        if (peer.isForOneRequest()) {
            journal.debug(line);
        } else {
            journal.info(line);
        }
    }

    private void lingerFor(Duration atLeast) {
        leaveAt = linger.isPresent()
                ? ticker.nanoTime() + (linger.get().compareTo(atLeast) < 0 ? atLeast : linger.get()).toNanos()
                : Ticker.NEVER;
    }

    /** When {@link #isToLeave} may become true, by the ticker. */
    long deadline() {
        return leaveAt;
    }

    /** Whether nobody has been here for too long. Says so once. */
    boolean isToLeave(long now) {
        boolean isOver = now >= leaveAt;
        leaveAt = isOver ? Ticker.NEVER : leaveAt;
        return isOver;
    }

    /** Whether there are no descriptors for another one. */
    boolean isFull() {
        return all.size() >= FileDescriptors.limit() / 2;
    }

    /** Whether another one may have three descriptors. With those that have one, three quarters of all are in use at the most. */
    boolean hasRoomForPipes() {
        return all.size() < FileDescriptors.limit() / 8;
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** A copy: what is done with one may let go of others. */
    List<Peer> all() {
        return List.copyOf(all);
    }
}
