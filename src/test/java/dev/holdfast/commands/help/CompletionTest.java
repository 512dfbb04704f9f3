package dev.holdfast.commands.help;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.CommandOption;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables of completion know all commands. That the scripts do what they should in their shells is CompletionIT's. */
class CompletionTest {
    static List<String> commands() {
        return Commands.program().subcommands().keySet().stream().sorted().toList();
    }

    @Test
    void everyCommandIsOffered() {
        assertThat(Completion.commands()).isEqualTo(commands());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyOptionOfTheHelpIsOffered(String command) {
        List<String> offered = CompletedOption.commands().contains(command)
                ? CompletedOption.of(command).stream()
                        .flatMap(option -> option.flags().stream())
                        .toList()
                : List.of();
        assertThat(
                        Objects.requireNonNull(Commands.program().subcommands().get(command))
                                .getCommandSpec()
                                .options()
                                .stream()
                                .flatMap(option -> List.of(option.names()).stream())
                                .filter(flag -> !flag.equals("-h") && !flag.equals("--help")))
                .isSubsetOf(offered);
    }

    @Test
    void namesOfNobodyAreNone() {
        assertThat(CompletedPosition.names(List.of())).isEmpty();
        assertThat(CompletedPosition.names(List.of("stop", "x"))).isEmpty();
        assertThat(CompletedPosition.names(List.of("client"))).isEmpty();
        assertThat(CompletedPosition.names(List.of("session", "start"))).isEmpty();
        assertThat(CompletedPosition.names(List.of("session", "hook"))).isEqualTo("bash\nzsh\nfish\n");
        assertThat(CommandOption.of("session")).doesNotHaveDuplicates();
    }
}
