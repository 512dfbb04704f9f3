package dev.holdfast.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is written is JSON, by the word of another reader too, whatever stands in a text. */
class FlatObjectWriterTest {
    @Test
    void everyCharacterIsReadBackByOurReaderAndByJackson() throws IOException {
        StringBuilder all = new StringBuilder();
        for (char c = 0; c < 0x300; c++) {
            all.append(c);
        }
        all.append("\u2028\u202e\ufffd").appendCodePoint(0x1f600);
        String line = new FlatObjectWriter()
                .text(all.toString(), all.toString())
                .number("low", Long.MIN_VALUE)
                .flag("on", true)
                .end();
        byte[] utf8 = line.getBytes(StandardCharsets.UTF_8);
        FlatObject ours = FlatObject.parse(utf8).orElseThrow();
        assertThat(ours.text(all.toString())).contains(all.toString());
        assertThat(ours.number("low", 0)).isEqualTo(Long.MIN_VALUE);
        assertThat(ours.flag("on")).isTrue();
        JsonNode jackson = new ObjectMapper().readTree(utf8);
        assertThat(jackson.get(all.toString()).asText()).isEqualTo(all.toString());
        assertThat(line).as("one line").doesNotContain("\n", "\r");
    }

    /** Alone, since a text of nothing odd goes another way than one of many. */
    @Test
    void eachCharacterAloneIsReadBack() {
        for (int c = 0; c <= Character.MAX_VALUE; c++) {
            if (!Character.isSurrogate((char) c)) {
                String text = "a" + (char) c;
                byte[] utf8 = new FlatObjectWriter().text("key", text).end().getBytes(StandardCharsets.UTF_8);
                assertThat(FlatObject.parse(utf8).orElseThrow().text("key"))
                        .as("U+%04x", c)
                        .contains(text);
            }
        }
    }

    @Test
    void orderIsKeptAndEmptyTextsMayBeLeftOut() {
        assertThat(new FlatObjectWriter()
                        .textIfAny("a", "")
                        .text("b", "")
                        .textIfAny("c", "x")
                        .number("d", -1)
                        .flag("e", false)
                        .end())
                .isEqualTo("{\"b\":\"\",\"c\":\"x\",\"d\":-1,\"e\":false}");
        assertThat(new FlatObjectWriter().end()).isEqualTo("{}");
    }

    @Test
    void listsOfNumbersAndObjectsAreReadBackByOurReader() {
        String line = new FlatObjectWriter()
                .numbers("n", 1, -2)
                .numbers("none")
                .objects("o", List.of(new FlatObjectWriter().number("a", 1), new FlatObjectWriter().text("b", "\"")))
                .objects("no", List.of())
                .end();
        assertThat(line).isEqualTo("{\"n\":[1,-2],\"none\":[],\"o\":[{\"a\":1},{\"b\":\"\\\"\"}],\"no\":[]}");
        FlatObject read =
                FlatObject.parse(line.getBytes(StandardCharsets.UTF_8)).orElseThrow();
        assertThat(read.objects("o")).extracting(each -> each.number("a", 0)).containsExactly(1L, 0L);
        assertThat(read.objects("n")).isEmpty();
        assertThat(read.objects("missing")).isEmpty();
    }
}
