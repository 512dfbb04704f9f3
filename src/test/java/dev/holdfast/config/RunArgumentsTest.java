package dev.holdfast.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options are read as getopt_long(3) reads them, and the server's own are left alone. */
class RunArgumentsTest {
    private static RunArguments parse(String... words) {
        return RunArguments.parse(List.of(words));
    }

    private static List<String> problems(String... words) {
        SettingsException problem = catchThrowableOfType(SettingsException.class, () -> parse(words));
        assertThat(problem).as("%s", List.of(words)).isNotNull();
        assertThat(problem.isInEnvironmentOnly()).isFalse();
        return problem.problems();
    }

    @ParameterizedTest
    @CsvSource({"--name x", "--name=x", "-n x", "-nx", "--nam x", "--na=x"})
    void valueIsFoundHoweverItIsTyped(String words) {
        List<String> all = new ArrayList<>(List.of(words.split(" ")));
        all.add("server");
        RunArguments parsed = RunArguments.parse(all);
        assertThat(parsed.values()).isEqualTo(Map.of(RunOption.NAME, "x"));
        assertThat(all.get(parsed.commandIndex())).isEqualTo("server");
    }

    @Test
    void optionsEndAtTheFirstWordThatIsNone() {
        RunArguments parsed = parse("-q", "node", "--name", "x", "--", "-v");
        assertThat(parsed.values().keySet()).containsExactly(RunOption.QUIET);
        assertThat(parsed.commandIndex()).isEqualTo(1);
    }

    @Test
    void optionsEndAtTwoHyphens() {
        assertThat(parse("-q", "--", "--", "--name").commandIndex()).isEqualTo(2);
        assertThat(parse("--").commandIndex()).isEqualTo(1);
        assertThat(parse().commandIndex()).isZero();
        assertThat(parse("-").commandIndex()).as("a lone hyphen is a word").isZero();
        assertThat(parse("", "x").commandIndex()).as("an empty word is a word").isZero();
    }

    @Test
    void shortOptionsMayStandTogether() {
        assertThat(parse("-qvnx", "true").values())
                .isEqualTo(Map.of(RunOption.QUIET, "", RunOption.VERBOSE, "", RunOption.NAME, "x"));
        assertThat(parse("-vn", "x", "true").values().get(RunOption.NAME)).isEqualTo("x");
    }

    @Test
    void lastOneWins() {
        assertThat(parse("--grace", "1s", "--grace=2s", "x").values().get(RunOption.GRACE))
                .isEqualTo("2s");
    }

    @Test
    void valuesMayBeEmptyOrLookLikeOptions() {
        assertThat(parse("--name=", "x").values()).isEqualTo(Map.of(RunOption.NAME, ""));
        assertThat(parse("--name", "--force", "x").values()).isEqualTo(Map.of(RunOption.NAME, "--force"));
        assertThat(parse("--name=a=b", "x").values()).isEqualTo(Map.of(RunOption.NAME, "a=b"));
    }

    @Test
    void unknownOptionGetsASuggestion() {
        assertThat(problems("--nmae", "x", "true")).containsExactly("unknown option --nmae; did you mean --name?");
        assertThat(problems("--gracee=5", "true")).containsExactly("unknown option --gracee; did you mean --grace?");
        assertThat(problems("--entirely-unlike", "true")).containsExactly("unknown option --entirely-unlike");
        assertThat(problems("-z", "true").get(0)).startsWith("unknown option -z");
        assertThat(problems("-e", "A=s3cret", "true"))
                .containsExactly("there is no option -e here: to set a variable, write it before the command:"
                        + " env NAME=VALUE COMMAND");
    }

    @Test
    void ambiguousBeginningIsToldAsSuch() {
        assertThat(problems("--lock", "x", "true"))
                .containsExactly("option --lock is ambiguous; did you mean --lock-dir or --lock-file?");
    }

    @Test
    void allProblemsAreToldTogether() {
        assertThat(problems("--nmae", "--force=yes", "--grace"))
                .containsExactly(
                        "unknown option --nmae; did you mean --name?",
                        "option --force takes no value",
                        "option --grace needs a value: 5s");
    }

    @Test
    void separatorIsNoValue() {
        assertThat(problems("--name", "--", "true")).containsExactly("option --name needs a value: NAME");
        assertThat(problems("-n")).containsExactly("option --name needs a value: NAME");
    }

    @Test
    void controlCharactersAreNotRepeated() {
        assertThat(problems("--x\n\u001b[31m", "true").get(0)).doesNotContain("\n", "\u001b");
    }
}
