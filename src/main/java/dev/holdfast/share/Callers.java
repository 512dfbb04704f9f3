package dev.holdfast.share;

import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Who has the server do something just now, in which it may ask back. A request that was given up counts until the server has
 * answered, or had the time to: what it asks meanwhile is about that one as well as about others.
 */
final class Callers {
    private static final Set<String> ASKS_BACK = Set.of("tools/call", "prompts/get", "resources/read");

    private final Ticker ticker;
    private final Duration grace;
    private final Map<Long, Call> calls = new HashMap<>();

    /**
     * Nobody calls.
     *
     * @param grace how long the server may be at what was given up
     */
    Callers(Ticker ticker, Duration grace) {
        this.ticker = ticker;
        this.grace = grace;
    }

    private record Call(int client, long until) {}

    void sent(int client, long wireId, String method) {
        if (ASKS_BACK.contains(method)) {
            calls.put(wireId, new Call(client, Ticker.NEVER));
        }
    }

    void answered(long wireId) {
        calls.remove(wireId);
    }

    void givenUp(long wireId) {
        calls.computeIfPresent(wireId, (id, call) -> new Call(call.client(), ticker.nanoTime() + grace.toNanos()));
    }

    void serverEnded() {
        calls.clear();
    }

    /** The only one; empty when there is none, or are several. */
    OptionalInt only() {
        long now = ticker.nanoTime();
        calls.values().removeIf(call -> call.until() <= now);
        int[] clients =
                calls.values().stream().mapToInt(Call::client).distinct().toArray();
        return clients.length == 1 ? OptionalInt.of(clients[0]) : OptionalInt.empty();
    }
}
