package dev.holdfast.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;

/** Tries every step from a state to another. */
final class Transitions {
    private Transitions() {}

    /**
     * Requires that those are made which are listed, and that all others are refused by name.
     *
     * @param allowed has every state
     * @param step goes from one to another
     */
    static <S extends Enum<S>> void areOnlyThese(Map<S, Set<S>> allowed, BinaryOperator<S> step) {
        Set<S> states = allowed.keySet();
        assertThat(states)
                .containsExactlyInAnyOrder(
                        states.iterator().next().getDeclaringClass().getEnumConstants());
        for (S from : states) {
            for (S to : states) {
                if (allowed.getOrDefault(from, Set.of()).contains(to)) {
                    assertThat(step.apply(from, to)).isEqualTo(to);
                } else {
                    assertThatIllegalStateException()
                            .as("%s to %s", from, to)
                            .isThrownBy(() -> step.apply(from, to))
                            .withMessageContainingAll(from.toString(), to.toString());
                }
            }
        }
    }
}
