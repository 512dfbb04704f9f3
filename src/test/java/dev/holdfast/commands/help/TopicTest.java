package dev.holdfast.commands.help;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.config.CommandOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The pages on topics: that their examples do what is written there is TopicsIT's. */
class TopicTest {
    private static final Pattern FLAG = Pattern.compile("(?<![\\w-])--[a-z][a-z-]*");
    private static final CommandLine PROGRAM = new CommandLine(Commands.program());

    @ParameterizedTest
    @EnumSource
    void pageFitsATerminalAndIsFilled(Topic topic) {
        assertThat(topic.page().lines()).allMatch(line -> line.length() <= Topic.WIDTH);
        assertThat(topic.page())
                .startsWith(topic.id() + ": ")
                .endsWith("\n")
                .doesNotContain("@", "\t", " \n")
                .containsPattern("\n    (\\$ holdfast|ENTRYPOINT)");
    }

    @ParameterizedTest
    @EnumSource
    void everyFlagOnThePageExists(Topic topic) {
        List<String> known = new ArrayList<>();
        for (String command : PROGRAM.getSubcommands().keySet()) {
            CommandOption.of(command).forEach(option -> known.addAll(option.flags()));
        }
        assertThat(FLAG.matcher(topic.page()).results().map(MatchResult::group)).isSubsetOf(known);
    }

    @Test
    void noTopicHidesACommand() {
        assertThat(Topic.ids())
                .doesNotContainAnyElementsOf(PROGRAM.getSubcommands().keySet());
        assertThat(Topic.asked(PROGRAM, List.of("help", "restart"))).isEmpty();
        assertThat(Topic.asked(PROGRAM, List.of("help", "restarts"))).contains(Topic.RESTARTS);
    }

    @ParameterizedTest
    @CsvSource({
        "lokcs, ; did you mean locks?",
        "exit, ; did you mean exit-codes?",
        "kubernetes, ; did you mean docker?",
        "Variables, ; did you mean environment?",
        "statu, ; did you mean status?",
        "list, ; did you mean ps?",
        "sh, ''"
    })
    void whatIsNoTopicIsToldWithTheNearest(String word, String nearest) {
        assertThatThrownBy(() -> Topic.asked(PROGRAM, List.of("help", word)))
                .isInstanceOf(ParameterException.class)
                .hasMessage("there is no help on " + word + nearest);
    }

    @Test
    void helpListsAllTopics() {
        assertThat(PROGRAM.getUsageMessage()).contains(Topic.ids());
    }
}
