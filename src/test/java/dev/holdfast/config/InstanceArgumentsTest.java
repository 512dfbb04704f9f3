package dev.holdfast.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Options and a name are read here; help, and what is neither, is left to picocli. */
class InstanceArgumentsTest {
    @ParameterizedTest
    @ValueSource(strings = {"status", "stop", "restart", "reload"})
    void nameAndPlaceMayStandInAnyOrder(String command) {
        InstanceArguments expected = new InstanceArguments(
                command, "orders", Map.of(RunOption.LOCK_DIR, "/l d", RunOption.SCOPE, "user"), false);
        assertThat(plain(command, "orders", "--lock-dir", "/l d", "--scope=user"))
                .isEqualTo(expected);
        assertThat(plain(command, "--scope", "user", "orders", "--lock-dir=/l d"))
                .isEqualTo(expected);
        assertThat(plain(command)).isEqualTo(new InstanceArguments(command, "", Map.of(), false));
    }

    @Test
    void eachCommandHasItsOwnOptions() {
        assertThat(plain("status", "--json", "orders"))
                .isEqualTo(new InstanceArguments("status", "orders", Map.of(), true));
        assertThat(plain("stop", "--grace", "5s", "orders"))
                .isEqualTo(new InstanceArguments("stop", "orders", Map.of(RunOption.GRACE, "5s"), false));
        assertRefused("unknown option --grace", "status", "--grace", "5s");
        assertRefused("unknown option --json", "stop", "--json");
        assertRefused("unknown option --json", "restart", "--json");
        assertRefused("unknown option --grace", "reload", "--grace=5s");
    }

    @Test
    void whatIsNotPlainIsLeftToPicocli() {
        assertNotPlain();
        for (String command : List.of("", "sta", "run", "lock", "help", "completion", "--version", "-h")) {
            assertNotPlain(command);
        }
        for (String word : List.of("", "-", "--", "-h", "--help", "@file")) {
            assertNotPlain("status", word);
            assertNotPlain("status", "orders", word);
        }
        assertNotPlain("status", "one", "two");
    }

    @Test
    void mistakesAreToldAsByRun() {
        assertRefused("did you mean --lock-dir or --lock-file?", "status", "--lock");
        assertRefused("unknown option --name", "status", "--name=x");
        assertRefused("option --json takes no value", "status", "--json=true");
        assertRefused("unknown option -x", "status", "orders", "-x");
        assertRefused("option --lock-dir needs a value: DIR", "status", "--lock-dir");
        assertRefused("option --lock-dir needs a value: DIR", "status", "--lock-dir", "--");
    }

    @Test
    void repeatedOptionsAndOddValuesAreReadAsByRun() {
        assertThat(plain("status", "--json", "--json").isJson()).isTrue();
        assertThat(plain("status", "--scope", "machine", "--scope", "user").values())
                .isEqualTo(Map.of(RunOption.SCOPE, "user"));
        for (String value : List.of("", "-", "--json", "@file")) {
            assertThat(plain("status", "--lock-dir=" + value).values()).isEqualTo(Map.of(RunOption.LOCK_DIR, value));
            assertThat(plain("status", "--lock-dir", value).values()).isEqualTo(Map.of(RunOption.LOCK_DIR, value));
        }
    }

    private static void assertRefused(String problem, String... words) {
        assertThatThrownBy(() -> plain(words))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(problem);
    }

    private static InstanceArguments plain(String... words) {
        return InstanceArguments.of(List.of(words)).orElseThrow();
    }

    private static void assertNotPlain(String... words) {
        assertThat(InstanceArguments.of(List.of(words)))
                .as(List.of(words).toString())
                .isEmpty();
    }
}
