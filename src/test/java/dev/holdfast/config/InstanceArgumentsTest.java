package dev.holdfast.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is plain is read as picocli would; all else is left to it. */
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
        assertNotPlain("status", "--grace", "5s");
        assertNotPlain("stop", "--json");
        assertNotPlain("restart", "--json");
        assertNotPlain("reload", "--grace=5s");
    }

    @Test
    void whatIsNotPlainIsLeftToPicocli() {
        assertNotPlain();
        for (String command : List.of("", "sta", "run", "lock", "help", "completion", "--version", "-h")) {
            assertNotPlain(command);
        }
        for (String word : List.of("", "-", "--", "-h", "--help", "--lock", "--name=x", "--json=true", "@file", "-x")) {
            assertNotPlain("status", word);
            assertNotPlain("status", "orders", word);
        }
        for (String value : List.of("", "-", "--json", "@file")) {
            assertNotPlain("status", "--lock-dir", value);
            assertNotPlain("status", "--lock-dir=" + value);
        }
        assertNotPlain("status", "--lock-dir");
        assertNotPlain("status", "--json", "--json");
        assertNotPlain("status", "one", "two");
        assertNotPlain("status", "--scope", "user", "--scope", "user");
    }

    private static InstanceArguments plain(String... words) {
        return InstanceArguments.ofPlain(List.of(words)).orElseThrow();
    }

    private static void assertNotPlain(String... words) {
        assertThat(InstanceArguments.ofPlain(List.of(words)))
                .as(List.of(words).toString())
                .isEmpty();
    }
}
