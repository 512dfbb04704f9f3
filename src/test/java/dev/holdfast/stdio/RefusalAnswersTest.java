package dev.holdfast.stdio;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who asks gets an answer with the id as it was written, and who does not ask gets none. */
class RefusalAnswersTest {
    private static final String TEXT =
            "another instance of \"orders\" runs\n  what now   h\u00f6r \u001b[31m auf\u202e";

    /** Apostrophes stand for quotes, {@code E} for the error, and the answers of a batch are in one line. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'jsonrpc':'2.0','id':0,'method':'initialize','params':{'id':5}} | {'jsonrpc':'2.0','id':0,E}",
                "{'method':'server/discover','id':'\\u0061\\'b','x':1} | {'jsonrpc':'2.0','id':'\\u0061\\'b',E}",
                "{'id':1,'id':2e0,'method':'ping'} | {'jsonrpc':'2.0','id':2e0,E}",
                "{'i\\u0064':9007199254740993,'method':'ping'} | {'jsonrpc':'2.0','id':9007199254740993,E}",
                "[{'id':1,'method':'a'},{'method':'n'},{'id':'b','method':'b'},7,[]] | [{'jsonrpc':'2.0','id':1,E},{'jsonrpc':'2.0','id':'b',E}]",
                "[{'id':1,'method':'a'}] | [{'jsonrpc':'2.0','id':1,E}]",
                "[[{'id':1,'method':'a'}]] |",
                "[{'method':'n'},{'id':1,'result':{}}] |",
                "[] |",
                "[{'id':1,'method':'a'} |",
                "{'jsonrpc':'2.0','method':'notifications/initialized'} |",
                "{'id':1,'result':{}} |",
                "{'id':1,'error':{'code':1}} |",
                "{'id':1,'method':'a','result':{}} |",
                "{'id':null,'method':'a'} |",
                "{'id':[1],'method':'a'} |",
                "{'id':true,'method':'a'} |",
                "{'id':1,'method':null} |",
                "{'id':1} |",
                "{'id':1,'method':'a'}} |",
                "Content-Length: 5 |",
                "5 |",
            })
    void answers(String line, String answer) {
        List<String> written = new ArrayList<>();
        RefusalAnswers answers = answers(written, Integer.MAX_VALUE);
        int count = answers.answer(line.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        String shown = String.join("", written).replaceAll("\"error\":\\{.*?\\}\\}\\}", "E");
        assertThat(shown).isEqualTo(answer == null ? "" : answer.replace('\'', '"') + "\n");
        assertThat(count).isEqualTo(answer == null ? 0 : answer.split("E", -1).length - 1);
    }

    @Test
    void whatTheUserReadsIsTheRefusal() throws IOException {
        List<String> written = new ArrayList<>();
        answers(written, Integer.MAX_VALUE).answer("{\"id\":1,\"method\":\"a\"}".getBytes(StandardCharsets.UTF_8));
        assertThat(written).hasSize(1);
        assertThat(written.get(0)).endsWith("}\n").containsOnlyOnce("\n");
        JsonNode error = new ObjectMapper().readTree(written.get(0)).get("error");
        assertThat(error.get("code").intValue()).isEqualTo(-32000);
        assertThat(error.get("message").textValue())
                .isEqualTo("holdfast: another instance of \"orders\" runs\n  what now   h\u00f6r ?[31m auf?");
        assertThat(error.get("data").toString())
                .isEqualTo("{\"holdfast\":{\"reason\":\"conflict\",\"name\":\"orders\",\"pid\":4711}}");
    }

    /** Also in the middle of a batch: nobody writes thousands of answers for nobody. */
    @Test
    void nothingMoreIsWrittenOnceNobodyTakesIt() {
        byte[] batch = ("[" + "{\"id\":1,\"method\":\"a\"},".repeat(999) + "{\"id\":1,\"method\":\"a\"}]")
                .getBytes(StandardCharsets.UTF_8);
        List<String> written = new ArrayList<>();
        assertThat(answers(written, 10).answer(batch)).isEqualTo(-1);
        assertThat(written).hasSize(10);
        assertThat(answers(written, 0).answer("{\"id\":1,\"method\":\"a\"}".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(-1);
    }

    private static RefusalAnswers answers(List<String> written, int most) {
        return new RefusalAnswers(
                TEXT,
                "conflict",
                "orders",
                4711,
                bytes -> written.size() < most && written.add(new String(bytes, StandardCharsets.UTF_8)));
    }
}
