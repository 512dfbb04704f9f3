package dev.holdfast.commands.help;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.RunOption;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptionGroupsTest {
    /** The groups are stretches of the table: a new option between two of them would be in no help. */
    @Test
    void everyOptionStandsUnderOneHeadingInTheOrderOfTheTable() {
        List<RunOption> grouped = OptionGroups.OF_RUN.stream()
                .flatMap(group -> group.options().stream())
                .toList();
        assertThat(grouped).containsExactly(RunOption.values());
    }
}
