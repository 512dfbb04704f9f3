package dev.holdfast.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionsTest {
    private static final List<String> COMMANDS =
            List.of("run", "lock", "status", "stop", "restart", "reload", "completion", "help");
    private static final List<String> FLAGS =
            Arrays.stream(RunOption.values()).map(RunOption::longFlag).toList();

    @ParameterizedTest
    @CsvSource({
        "rnu, run",
        "urn, run",
        "sotp, stop",
        "stauts, status",
        "statu, status",
        "stattus, status",
        "stat, status",
        "relaod, reload",
        "compeltoin, completion"
    })
    void misspeltCommandIsFound(String typed, String meant) {
        assertThat(Suggestions.nearest(typed, COMMANDS)).isEqualTo(meant);
    }

    @ParameterizedTest
    @CsvSource({"key", "foo", "list", "version", "node", "x", "''", "backup", "sh", "rune of doom"})
    void whatIsNotNearGetsNoNonsense(String typed) {
        assertThat(Suggestions.nearest(typed, COMMANDS)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "--nmae, --name",
        "--gracee, --grace",
        "--lokc-dir, --lock-dir",
        "--on-confilct, --on-conflict",
        "--redy-timout, --ready-timeout",
        "--frobnicate, ''",
        "--foo, ''",
        "--x, ''"
    })
    void misspeltOptionIsFound(String typed, String meant) {
        assertThat(Suggestions.nearest(typed, FLAGS)).isEqualTo(meant);
    }
}
