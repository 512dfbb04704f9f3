package dev.holdfast.guard;

import dev.holdfast.listen.HandedSockets;
import dev.holdfast.settings.ConflictPolicy;
import dev.holdfast.settings.NameOrigin;
import java.util.Optional;

/**
 * A start that wants the lock.
 *
 * @param name the instance
 * @param origin where its name comes from
 * @param policy what it does when somebody is in the way
 * @param sinceTicks when it began, in clock ticks since boot: a holder that took the lock later is not ended by it
 * @param deadline until when it waits under the policy that does, by {@link System#nanoTime}; {@link Long#MAX_VALUE} for
 *     ever
 * @param second what it hands over under the policy that does
 * @param sockets where it keeps the listening sockets of those whom it ends; empty when it wants none
 */
record Contender(
        String name,
        NameOrigin origin,
        ConflictPolicy policy,
        long sinceTicks,
        long deadline,
        Optional<SecondStart> second,
        Optional<HandedSockets> sockets) {
    boolean mayForce() {
        return policy == ConflictPolicy.TAKEOVER;
    }

    boolean waits() {
        return policy == ConflictPolicy.WAIT;
    }
}
