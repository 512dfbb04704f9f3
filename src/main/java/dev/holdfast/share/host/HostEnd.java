package dev.holdfast.share.host;

import dev.holdfast.console.ExitCode;
import dev.holdfast.control.Request;
import dev.holdfast.posix.files.PollSet;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.share.Bye;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.List;

/** Why a host ends, and how its clients hear of it. Not safe for use by many threads. */
final class HostEnd {
    /** All clients that read have read it by then. */
    private static final Duration MOST_TIME = Duration.ofMillis(500);

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Peers peers;
    private Bye why = Bye.ENDED;
    private boolean hasBegun;
    private int code;

    /** Nothing has happened. */
    HostEnd(Peers peers) {
        this.peers = peers;
    }

    /** The server was told to stop, or its input was closed. */
    void asked(String cause, boolean isTakenOver) {
        if (why == Bye.ENDED) {
            why = isTakenOver || cause.equals(Request.YIELD.word()) ? Bye.TAKEOVER : Bye.STOPPED;
        }
    }

    /** A server has ended; another one may follow. */
    void serverEnded(ExitStatus status) {
        code = status.shellCode();
    }

    /** The last server has ended. */
    void begin(ExitStatus status) {
        hasBegun = true;
        serverEnded(status);
    }

    boolean hasBegun() {
        return hasBegun;
    }

    Bye why() {
        return why;
    }

    /** What a client's start exits with. */
    int exitCode(Bye reason) {
        return switch (reason) {
            case SLOW, PROTOCOL -> ExitCode.UNAVAILABLE.number();
            case DONE -> 0;
            case STOPPED, ENDED, TAKEOVER -> code;
        };
    }

    /** Writes to those who read. */
    void awaitFarewells(Ticker ticker) {
        long until = ticker.nanoTime() + MOST_TIME.toNanos();
        for (long now = ticker.nanoTime(); now < until && !peers.isEmpty(); now = ticker.nanoTime()) {
            List<Peer> all = peers.all();
            try (PollSet poll = new PollSet(all.size())) {
                for (Peer peer : all) {
                    poll.add(peer.descriptor(), PollSet.WRITABLE);
                }
                var unused = poll.await((int) ((until - now + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI));
                for (Peer peer : all) {
                    peer.isWritable();
                    peer.flush();
                }
            }
        }
    }
}
