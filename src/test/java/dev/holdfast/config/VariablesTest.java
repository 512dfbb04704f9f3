package dev.holdfast.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A variable that does nothing is told, and one table has all that do something. */
class VariablesTest {
    @ParameterizedTest
    @CsvSource({
        "HOLDFAST_FORCE, FORCE_TERMINATE",
        "HOLDFAST_LOG_LEVEL, HOLDFAST_LOGGING__LEVEL",
        "HOLDFAST_COORDINATION, HOLDFAST_COORDINATION_MODE",
        "HOLDFAST_GRACEE, HOLDFAST_GRACE",
        "HOLDFAST_NAME, HOLDFAST_SERVER_NAME",
        "HOLDFAST_GRACE_PERIOD, HOLDFAST_GRACE?",
        "HOLDFAST_CONFIG_FILE, HOLDFAST_CONFIG?",
        "HOLDFAST_WAIT, HOLDFAST_WAIT_TIMEOUT?",
        "FORCE_TERMINAT, FORCE_TERMINATE?",
        "FORCE_TERMINTAE, FORCE_TERMINATE?",
        "TINI_KILL_PROCESS_GROUP, HOLDFAST_FORWARD=group",
        "DUMB_INIT_DEBUG, HOLDFAST_LOGGING__LEVEL=debug"
    })
    void whatDoesNothingIsToldWithWhatToWrite(String name, String meant) {
        assertThat(Variables.warnings(List.of("PATH", name)))
                .singleElement()
                .asString()
                .contains(name, meant);
    }

    /** The prefix is no likeness. */
    @ParameterizedTest
    @ValueSource(strings = {"HOLDFAST_PORT", "HOLDFAST_LOGS", "HOLDFAST_DEBUG", "HOLDFAST_", "HOLDFAST_X"})
    void whatIsNotNearGetsNoNonsense(String name) {
        assertThat(Variables.warnings(List.of(name))).containsExactly("unknown variable " + name + " is not read");
    }

    @Test
    void whatIsSetOrReadIsNotTold() {
        assertThat(Variables.warnings(List.of(
                        "HOLDFAST_NAME",
                        "HOLDFAST_INSTANCE_ID",
                        "HOLDFAST_LOCK_FILE",
                        "HOLDFAST_GRACE",
                        "FORCE_TERMINATE",
                        "FORCE_COLOR",
                        "TERM",
                        "TINI_VERSION")))
                .isEmpty();
    }

    @Test
    void tableHasAllThatTheSourcesName() throws IOException {
        TreeSet<String> unknown = new TreeSet<>();
        Pattern name = Pattern.compile("\"(HOLDFAST_[A-Z_]*[A-Z])[\"=]");
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java") && !path.endsWith("Variables.java"))
                    .toList()) {
                Matcher found = name.matcher(Files.readString(file));
                while (found.find()) {
                    if (!found.group(1).startsWith("HOLDFAST_SET_") && !Variables.isKnown(found.group(1))) {
                        unknown.add(found.group(1));
                    }
                }
            }
        }
        assertThat(unknown).isEmpty();
    }
}
