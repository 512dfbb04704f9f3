package dev.holdfast.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The environment is passed on as it is, with the instance's variables replaced or added. */
class EnvironmentTest {
    private final Environment environment = Environment.ofThisProcess();

    private static List<String> texts(Environment environment) {
        return environment.entries().stream()
                .map(entry -> new String(entry, StandardCharsets.ISO_8859_1))
                .toList();
    }

    @Test
    void variablesOfThisProcessAreSeen() {
        System.getenv().forEach((name, value) -> {
            if (!name.startsWith("HOLDFAST_")
                    && !name.equals("_JAVA_SR_SIGNUM")
                    && value.chars().allMatch(c -> c < 127)) {
                assertThat(environment.value(name)).as(name).isEqualTo(value);
            }
        });
        assertThat(environment.entries()).isNotEmpty();
    }

    @Test
    void unknownVariableIsEmpty() {
        assertThat(environment.value("HOLDFAST_NO_SUCH_VARIABLE")).isEmpty();
        assertThat(environment.value("")).isEmpty();
        assertThat(environment.value("PAT")).as("a beginning of PATH").isEmpty();
    }

    @Test
    void setVariableReplacesTheOldOneAndLeavesTheOthers() {
        Environment changed = environment.with(Map.of("PATH", "/x", "HOLDFAST_NAME", "ö"));
        assertThat(changed.value("PATH")).isEqualTo("/x");
        assertThat(changed.value("HOLDFAST_NAME")).isEqualTo("ö");
        assertThat(texts(changed))
                .filteredOn(entry -> entry.startsWith("PATH="))
                .hasSize(1);
        assertThat(texts(changed))
                .containsAll(texts(environment).stream()
                        .filter(entry -> !entry.startsWith("PATH=") && !entry.startsWith("HOLDFAST_NAME="))
                        .toList());
        assertThat(environment.value("PATH")).as("the original").isNotEqualTo("/x");
    }
}
