package dev.holdfast.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The one table of options is sound: what the parser, the help and the reference read from it. */
class RunOptionTest {
    @Test
    void flagsAndVariablesAreUnique() {
        Set<String> seen = new HashSet<>();
        for (RunOption option : RunOption.values()) {
            option.flags().forEach(flag -> assertThat(seen.add(flag)).as(flag).isTrue());
            assertThat(option.variable().isEmpty() || seen.add(option.variable()))
                    .as(option.variable())
                    .isTrue();
        }
    }

    @Test
    void everyOptionHasALongFlagAndAMeaning() {
        for (RunOption option : RunOption.values()) {
            assertThat(option.longFlag()).matches("--[a-z][a-z-]+");
            assertThat(option.flags()).endsWith(option.longFlag()).hasSizeLessThanOrEqualTo(2);
            assertThat(option.flags().get(0)).matches("-[a-z]|--[a-z-]+");
            assertThat(option.meaning()).isNotEmpty().doesNotEndWith(".").doesNotContain("\n");
            assertThat(option.variable()).matches("|HOLDFAST_[A-Z_]+|FORCE_TERMINATE");
        }
    }

    @Test
    void switchesHaveNoPlaceholderAndTheOthersADefault() {
        for (RunOption option : RunOption.values()) {
            assertThat(option.takesValue()).isEqualTo(!option.placeholder().isEmpty());
            if (option.takesValue()) {
                assertThat(option.defaultText()).as("%s", option).isNotEmpty();
            }
        }
        assertThat(RunOption.FORCE.takesValue()).isFalse();
        assertThat(RunOption.NAME.takesValue()).isTrue();
    }
}
