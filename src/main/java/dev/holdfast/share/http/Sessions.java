package dev.holdfast.share.http;

import dev.holdfast.share.Client;
import dev.holdfast.share.host.PeerHost;
import dev.holdfast.waiting.Ticker;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/** The clients over HTTP, by the ids of their sessions. For the host's thread. */
final class Sessions {
    static final int MOST = 256;
    static final Duration IDLE = Duration.ofMinutes(30);
    private static final int ID_BYTES = 16;

    private final PeerHost host;
    private final Ticker ticker;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Known> known = new HashMap<>();

    Sessions(PeerHost host, Ticker ticker) {
        this.host = host;
        this.ticker = ticker;
    }

    private static final class Known {
        private final Session session;
        private long usedAt;

        Known(Session session, long now) {
            this.session = session;
            usedAt = now;
        }

        long usedAt() {
            return usedAt;
        }
    }

    /**
     * A session that was opened.
     *
     * @param id by which its client comes again
     */
    record Opened(String id, Session session) {}

    /**
     * Lets another client in. Where there are too many, the one that has been quiet for the longest time has to go: clients that
     * have died say nothing of that.
     *
     * @param isForOneRequest as of {@link Session}
     * @return empty when there is no room, or the host ends
     */
    Optional<Opened> open(String name, boolean isForOneRequest) {
        if (host.obstacle().isPresent() || (known.size() >= MOST && !makeRoom())) {
            return Optional.empty();
        }
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        Client client = host.multiplexer().attach(name, 0);
        Session session = new Session(host, client, isForOneRequest, ticker);
        host.joined(session);
        String text = HexFormat.of().formatHex(id);
        known.put(text, new Known(session, ticker.nanoTime()));
        return Optional.of(new Opened(text, session));
    }

    private boolean makeRoom() {
        Optional<Map.Entry<String, Known>> oldest = known.entrySet().stream()
                .filter(each -> !each.getValue().session.isBusy()
                        && !each.getValue().session.isOver())
                .min(Comparator.comparingLong(each -> each.getValue().usedAt()));
        oldest.ifPresent(each -> {
            each.getValue().session.close();
            known.remove(each.getKey());
        });
        return oldest.isPresent();
    }

    /** The one with an id; empty when there is none. */
    Optional<Session> use(String id) {
        Known found = known.get(id);
        if (found == null || found.session.isOver()) {
            return Optional.empty();
        }
        found.usedAt = ticker.nanoTime();
        return Optional.of(found.session);
    }

    /** Lets those go on that wait, and forgets those that are over, or have not been used for too long. */
    void look() {
        long now = ticker.nanoTime();
        for (Iterator<Known> each = known.values().iterator(); each.hasNext(); ) {
            Known one = each.next();
            one.session.look();
            if (one.session.isBusy()) {
                one.usedAt = now;
            } else if (now - one.usedAt >= IDLE.toNanos()) {
                one.session.close();
            }
            if (one.session.isSettled()) {
                each.remove();
            }
        }
    }

    /** When {@link #look} is to be called at the latest. */
    long deadline() {
        long next = Ticker.NEVER;
        for (Known each : known.values()) {
            long look = each.session.isOver() ? Ticker.NEVER : each.usedAt + IDLE.toNanos();
            next = Math.min(next, each.session.hasTurn() ? ticker.nanoTime() : look);
            next = Math.min(next, each.session.deadline());
        }
        return next;
    }
}
