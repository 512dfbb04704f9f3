package dev.holdfast.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** What the environment may say to a server that guards itself. */
class EmbeddedOptionsTest {
    /** Whoever embeds the library has variables and no command line. */
    @Test
    void problemsNameVariablesAndNoFlags() {
        Map<String, String> wrong = Map.of(
                "HOLDFAST_SCOPE", "galaxy",
                "HOLDFAST_LOCK_DIR", "a\u0001b",
                "HOLDFAST_ON_CONFLICT", "argue",
                "HOLDFAST_WAIT_TIMEOUT", "soon",
                "HOLDFAST_GRACE", "-1s",
                "HOLDFAST_TRANSPORT", "ü",
                "HOLDFAST_APP_VERSION", "x".repeat(65));
        SettingsException failure = Assertions.catchThrowableOfType(
                SettingsException.class, () -> EmbeddedOptions.read(name -> wrong.getOrDefault(name, "")));
        assertThat(failure.problems()).hasSizeGreaterThan(4).noneMatch(problem -> problem.contains("--"));
        assertThat(failure).hasMessageContaining("HOLDFAST_GRACE").hasMessageContaining("HOLDFAST_SCOPE");
    }
}
