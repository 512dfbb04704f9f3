package dev.holdfast.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same mistake of typing gets the same answer from each command. */
class ArgumentSplitterTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "run  | --res    | option --res is ambiguous; did you mean --restart, --restart-delay,"
                        + " --restart-max-delay, --restart-limit, --restart-window or --restart-reset?",
                "lock | --no     | option --no is ambiguous; did you mean --nonblock or --no-fork?",
                "stop | --lock   | option --lock is ambiguous; did you mean --lock-dir or --lock-file?",
                "run  | --forec  | unknown option --forec; did you mean --force?",
                "lock | --shard  | unknown option --shard; did you mean --shared?",
                "stop | --gracee | unknown option --gracee; did you mean --grace?",
                "run  | -z       | unknown option -z",
                "lock | -z       | unknown option -z",
                "stop | -z       | unknown option -z",
                "run  | --f=1    | unknown option --f",
                "lock | --f=1    | unknown option --f",
                "stop | --f=1    | unknown option --f",
                "run    | --force=1  | option --force takes no value",
                "lock   | --shared=1 | option --shared takes no value",
                "status | --json=1   | option --json takes no value",
                "run  | --grace  | option --grace needs a value: 5s",
                "lock | -w       | option --timeout needs a value: 5s",
                "stop | --grace  | option --grace needs a value: 5s",
            })
    void sameMistakeGetsTheSameAnswer(String command, String word, String answer) {
        Consumer<List<String>> parser = switch (command) {
            case "run" -> RunArguments::parse;
            case "lock" -> LockArguments::parse;
            default -> words -> InstanceArguments.of(List.of(command, words.get(0)));
        };
        SettingsException problem = catchThrowableOfType(SettingsException.class, () -> parser.accept(List.of(word)));
        assertThat(problem).isNotNull();
        assertThat(problem.problems()).containsExactly(answer);
    }

    @Test
    void sameLibertiesAreTakenEverywhere() {
        assertThat(RunArguments.parse(List.of("--gra=5s")).values()).containsEntry(RunOption.GRACE, "5s");
        assertThat(LockArguments.parse(List.of("--time=5s")).values()).containsEntry(LockOption.TIMEOUT, "5s");
        assertThat(InstanceArguments.of(List.of("stop", "--gra=5s", "--grac", "6s"))
                        .orElseThrow()
                        .values())
                .containsEntry(RunOption.GRACE, "6s");
    }
}
