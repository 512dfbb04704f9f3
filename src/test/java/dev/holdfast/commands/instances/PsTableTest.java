package dev.holdfast.commands.instances;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.console.TextTable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ages and sizes in as few columns as they need. */
class PsTableTest {
    @ParameterizedTest
    @CsvSource({"0, 0s", "59, 59s", "60, 1m", "3599, 59m", "3600, 1h", "172799, 47h", "172800, 2d", "99999999, 1157d"})
    void agesAreShort(long seconds, String shown) {
        assertThat(TextTable.age(seconds)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({"1, 1K", "1023, 1023K", "1024, 1M", "10485759, 10239M", "10485760, 10G"})
    void sizesAreShort(long kilobytes, String shown) {
        assertThat(PsTable.memory(kilobytes)).isEqualTo(shown);
    }
}
