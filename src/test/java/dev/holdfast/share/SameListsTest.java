package dev.holdfast.share;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A list that several want at once is asked for once, and kept for nobody. */
class SameListsTest {
    private static final String LIST = "{'id':7,'method':'tools/list','params':{'cursor':'c'}}";

    private final AskedServer asked = new AskedServer();
    private final List<String> answers = new ArrayList<>();
    private final SameLists lists = new SameLists(
            asked, (wireId, answer) -> answers.add(wireId + " " + new String(answer, StandardCharsets.UTF_8)));

    @Test
    void whoComesMeanwhileGetsTheSameAnswer() {
        assertThat(ask(1, LIST)).isTrue();
        assertThat(ask(2, LIST.replace("7", "'x'"))).isFalse();
        asked.answers("'result':{'tools':[]}");

        assertThat(asked.events()).containsExactly("server tools/list {'cursor':'c'}");
        assertThat(answers).hasSize(2).allMatch(each -> each.endsWith("\"result\":{\"tools\":[]}}"));
        assertThat(answers.get(1)).startsWith("2 ");
    }

    @Test
    void whatIsAnsweredIsNotKept() {
        ask(1, LIST);
        asked.answers("'result':{}");

        assertThat(ask(2, LIST)).isTrue();
        assertThat(lists.has(1)).isFalse();
        assertThat(lists.has(2)).isTrue();
    }

    @Test
    void otherWordsAreAnotherQuestion() {
        for (String each : List.of(
                LIST,
                LIST.replace("'c'", "'d'"),
                LIST.replace("tools", "prompts"),
                LIST.replace("'c'", " 'c'"),
                "{'id':1,'method':'tools/list'}")) {
            assertThat(ask(1, each)).as(each).isTrue();
        }
        assertThat(asked.events()).hasSize(5).last().isEqualTo("server tools/list {}");
    }

    @Test
    void whoCancelsIsNotAnsweredAndTheOthersAre() {
        ask(1, LIST);
        ask(2, LIST);
        assertThat(lists.withdraw(1)).isTrue();
        assertThat(lists.withdraw(1)).isFalse();
        asked.answers("'result':{}");

        assertThat(answers).singleElement().asString().startsWith("2 ");
    }

    @Test
    void listsWithProgressAndOtherMethodsAreNot() {
        assertThat(SameLists.areFor(AskedServer.message(LIST))).isTrue();
        assertThat(SameLists.areFor(AskedServer.message("{'method':'resources/templates/list'}")))
                .isTrue();
        assertThat(SameLists.areFor(AskedServer.message("{'method':'tools/call'}")))
                .isFalse();
        assertThat(SameLists.areFor(
                        AskedServer.message("{'method':'tools/list','params':{'_meta':{'progressToken':1}}}")))
                .isFalse();
    }

    private boolean ask(long wireId, String line) {
        return lists.ask(wireId, AskedServer.bytes(line), AskedServer.message(line));
    }
}
