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
    /** Of these only so many run at once. */
    static final String CALL = "tools/call";

    private static final Set<String> ASKS_BACK = Set.of(CALL, "prompts/get", "resources/read");

    private final Ticker ticker;
    private final Duration grace;
    private final int most;
    private final Map<Long, Call> calls = new HashMap<>();

    /**
     * Nobody calls.
     *
     * @param grace how long the server may be at what was given up
     * @param most how many calls of tools run at once; 0 for no limit
     */
    Callers(Ticker ticker, Duration grace, int most) {
        this.ticker = ticker;
        this.grace = grace;
        this.most = most;
    }

    private record Call(int client, boolean isCounted, long until) {}

    void sent(int client, long wireId, String method) {
        if (ASKS_BACK.contains(method)) {
            calls.put(wireId, new Call(client, method.equals(CALL), Ticker.NEVER));
        }
    }

    void answered(long wireId) {
        calls.remove(wireId);
    }

    void givenUp(long wireId) {
        calls.computeIfPresent(
                wireId, (id, call) -> new Call(call.client(), call.isCounted(), ticker.nanoTime() + grace.toNanos()));
    }

    void serverEnded() {
        calls.clear();
    }

    /** The only one; empty when there is none, or are several. */
    OptionalInt only() {
        sweep();
        int[] clients =
                calls.values().stream().mapToInt(Call::client).distinct().toArray();
        return clients.length == 1 ? OptionalInt.of(clients[0]) : OptionalInt.empty();
    }

    private void sweep() {
        long now = ticker.nanoTime();
        calls.values().removeIf(call -> call.until() <= now);
    }

    boolean isUnlimited() {
        return most == 0;
    }

    /** Whether one more tool may be called. */
    boolean hasPlace() {
        if (isUnlimited()) {
            return true;
        }
        sweep();
        return calls.values().stream().filter(Call::isCounted).count() < most;
    }

    /** When the server has had its time for a call that was given up, later than this; never when that makes no difference. */
    long nextPlace(long after) {
        return calls.values().stream()
                .filter(call -> call.isCounted() && !isUnlimited())
                .mapToLong(Call::until)
                .filter(until -> until > after)
                .min()
                .orElse(Ticker.NEVER);
    }
}
