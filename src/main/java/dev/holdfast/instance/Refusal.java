package dev.holdfast.instance;

import java.util.Optional;

/**
 * That somebody is in the way, and stays. The command line makes a text of it, which advises flags; the library does so with
 * {@link ObstacleText#reason}, since its users have none.
 *
 * @param incumbent who
 * @param attempt what was tried
 * @param obstacle why it did not end the incumbent; empty when it was not to
 */
public record Refusal(Incumbent incumbent, Attempt attempt, Optional<Obstacle> obstacle) {
    /** What was tried. */
    public enum Attempt {
        /** A start that ends nobody. */
        START,
        /** A start that was to end the incumbent, and did not begin to. */
        FORCED_START,
        /** The incumbent was told to end, or asked. */
        END,
        /** The incumbent was to take this start's arguments. */
        ACTIVATION
    }

    /** Of a start that was to end nobody. */
    public static Refusal ofStart(Incumbent incumbent) {
        return new Refusal(incumbent, Attempt.START, Optional.empty());
    }
}
