package dev.holdfast.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.Envelope.Member;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What tells whose a message is comes out byte for byte, and what is no message comes out as none. */
@Timeout(60)
class EnvelopeTest {
    /** Ids as clients send them, and as they do not. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"a\"",
                "\"\\u0061\"",
                "9007199254740991",
                "9007199254740993",
                "0",
                "-1",
                "-0",
                "1.5",
                "1e3",
                "1E+400",
                "123456789012345678901234567890123456789",
                "\"\"",
                "\"\u00e4\u20ac\ud83d\ude00\"",
                "\"\\\"},{\\\"id\\\":2\"",
                "\"\\ud800\"",
                "null",
                "[1]",
                "{\"id\":2}",
            })
    void anIdComesBackByteForByte(String id) {
        for (String line : new String[] {
            "{\"id\":" + id + ",\"method\":\"ping\"}",
            " { \"method\" : \"ping\" , \"id\" :\t" + id + " } \r\n",
            "{\"params\":{\"id\":9,\"a\":[{\"id\":8}]},\"\\u0069\\u0064\":" + id + ",\"method\":\"ping\"}",
            "{\"id\":{\"id\":7},\"id\":[],\"id\":" + id + ",\"method\":\"ping\"}",
        }) {
            Envelope envelope = of(line).orElseThrow();
            assertThat(raw(line, envelope, Member.ID)).as(line).isEqualTo(id);
            assertThat(envelope.text(Member.METHOD)).as(line).contains("ping");
            assertThat(envelope.isString(Member.ID)).isEqualTo(id.startsWith("\""));
            assertThat(envelope.isNumber(Member.ID)).isEqualTo(id.matches("[-0-9].*"));
        }
    }

    @Test
    void namedMembersAreFoundWhereTheyCountAndNowhereElse() {
        String line =
                "{\"id\":1,\"params\":{\"progressToken\":2,\"requestId\":\"3\",\"uri\":\"u\",\"level\":\"l\",\"taskId\":\"t\","
                        + "\"elicitationId\":\"e\",\"task\":{\"ttl\":4},\"_meta\":{\"progressToken\":5,"
                        + "\"io.modelcontextprotocol/protocolVersion\":\"p\",\"io.modelcontextprotocol/logLevel\":\"o\","
                        + "\"io.modelcontextprotocol/subscriptionId\":6,"
                        + "\"io.modelcontextprotocol/related-task\":{\"taskId\":\"r\",\"id\":0}}},"
                        + "\"result\":{\"task\":{\"taskId\":\"7\"},\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":8}},"
                        + "\"error\":null,\"method\":\"m\"}";
        Envelope envelope = of(line).orElseThrow();
        assertThat(Arrays.stream(Member.values())
                        .map(member -> raw(line, envelope, member))
                        .filter(value -> !value.startsWith("{")))
                .containsExactly(
                        "1", "\"m\"", "null", "2", "\"3\"", "\"u\"", "\"l\"", "\"t\"", "\"e\"", "5", "\"p\"", "\"o\"",
                        "6", "\"r\"", "\"7\"", "8");
        assertThat(envelope.hasRepeated()).isFalse();
        // One level higher or deeper, or in a list, they are somebody else's.
        String elsewhere = "{\"uri\":1,\"_meta\":{\"progressToken\":1},\"x\":{\"id\":1,\"method\":\"m\"},"
                + "\"params\":[{\"uri\":1,\"_meta\":{\"progressToken\":1}}],\"result\":{\"x\":{\"_meta\":{}},\"taskId\":1}}";
        Envelope none = of(elsewhere).orElseThrow();
        assertThat(Arrays.stream(Member.values()).filter(none::has)).containsExactly(Member.PARAMS, Member.RESULT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'params':{'uri':'a','_meta':{'progressToken':1}},'params':{'uri':'b'}} | 'b' | false | true",
                "{'params':{'uri':'a'},'params':5} | none | false | true",
                "{'params':{'uri':'a','uri':'b','_meta':{'progressToken':1}}} | 'b' | true | true",
                "{'params':{'uri':'a','_meta':{'x':1,'x':2}},'x':1,'x':2} | 'a' | false | false",
                "{'params':{'\\u0075ri':'a','ur\\u0069':'b'}} | 'b' | false | true",
                "{'result':{'uri':'a','uri':'a'},'params':{'uri':'b'}} | 'b' | false | false",
            })
    void ofMembersThatAreThereTwiceTheLastOneCounts(String text, String uri, boolean hasToken, boolean isRepeated) {
        String line = text.replace('\'', '"');
        Envelope envelope = of(line).orElseThrow();
        assertThat(envelope.has(Member.PARAMS_URI) ? raw(line, envelope, Member.PARAMS_URI) : "none")
                .isEqualTo(uri.replace('\'', '"'));
        assertThat(envelope.has(Member.META_PROGRESS_TOKEN)).isEqualTo(hasToken);
        assertThat(envelope.hasRepeated()).isEqualTo(isRepeated);
    }

    @Test
    void aStringIsReadWithItsEscapes() {
        assertThat(of("{\"method\":\"a\\\"b\\\\c\\/\\u0041\\b\\f\\n\\r\\t\\ud83d\\ude00\u00e4\"}")
                        .orElseThrow()
                        .text(Member.METHOD))
                .contains("a\"b\\c/A\b\f\n\r\t\ud83d\ude00\u00e4");
        assertThat(of("{\"method\":5}").orElseThrow().text(Member.METHOD)).isEmpty();
        assertThat(of("{}").orElseThrow().text(Member.METHOD)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{\"id\":1",
                "{\"id\":1,}",
                "{\"id\":1}}",
                "{\"id\":1} x",
                "{\"id\":1}{\"id\":2}",
                "{\"id\":01}",
                "{\"id\":-}",
                "{\"id\":1.}",
                "{\"id\":1e}",
                "{\"id\":tru}",
                "{\"id\":\"\\x\"}",
                "{\"id\":\"\\u00g0\"}",
                "{\"id\":\"\\u00\"}",
                "{\"id\":\"a\tb\"}",
                "{\"id\":[}",
                "{\"id\":[1}]",
                "{id:1}",
                "{\"id\" 1}",
                "\"id\"",
                "1",
                "null",
                "[{\"id\":1}]",
                "\ufeff{\"id\":1}",
                "Server started on port 3000",
                "\u0000",
            })
    void whatIsNoMessageIsNone(String line) {
        assertThat(of(line)).isEmpty();
    }

    @Test
    void stringsThatAreLookedForAreUtf8AndOthersMayBeAnything() {
        byte[] line = "{\"id\":\"xx\",\"method\":\"m\",\"other\":\"yy\"}".getBytes(StandardCharsets.UTF_8);
        line[line.length - 4] = (byte) 0xc0;
        assertThat(Envelope.of(line)).isPresent();
        line[8] = (byte) 0xff;
        assertThat(Envelope.of(line)).isEmpty();
        byte[] name = "{\"x\\u0064\":1}".getBytes(StandardCharsets.UTF_8);
        name[2] = (byte) 0xff;
        assertThat(Envelope.of(name)).isPresent();
    }

    /** Four times the length takes about four times as long, not sixteen: the deadline of the class is enough for that. */
    @Test
    void timeIsInProportionToTheLength() {
        int million = 1_000_000;
        assertThat(of("[".repeat(10 * million))).isEmpty();
        assertThat(of("{\"params\":".repeat(million))).isEmpty();
        String deep = "{\"a\":" + "[".repeat(million) + "]".repeat(million) + ",\"id\":1}";
        assertThat(raw(deep, of(deep).orElseThrow(), Member.ID)).isEqualTo("1");
        String mixed = "{\"a\":" + "[{\"id\":".repeat(million) + "0" + "}]".repeat(million) + ",\"id\":1}";
        assertThat(raw(mixed, of(mixed).orElseThrow(), Member.ID)).isEqualTo("1");
        String repeated = "{" + "\"id\":1,\"\\u0069d\":[],".repeat(million / 4) + "\"id\":2}";
        assertThat(raw(repeated, of(repeated).orElseThrow(), Member.ID)).isEqualTo("2");
        String huge = "{\"params\":{\"data\":\"" + "\\\\x".repeat(3 * million) + "\"},\"id\":3}";
        assertThat(raw(huge, of(huge).orElseThrow(), Member.ID)).isEqualTo("3");
    }

    @Test
    void messagesOfABatchAreFoundOneByOne() {
        String line = " [ {\"id\":1}, 2, [{\"id\":3}], {\"id\":4,\"params\":[{\"id\":5}]} ] \r";
        Batch batch = Batch.of(line.getBytes(StandardCharsets.UTF_8)).orElseThrow();
        assertThat(batch.size()).isEqualTo(4);
        assertThat(raw(line, batch.message(0).orElseThrow(), Member.ID)).isEqualTo("1");
        assertThat(batch.message(1)).isEmpty();
        assertThat(batch.message(2)).isEmpty();
        assertThat(raw(line, batch.message(3).orElseThrow(), Member.ID)).isEqualTo("4");
        String many = "[" + "{\"id\":1},".repeat(1000) + "{\"id\":77}]";
        Batch thousand = Batch.of(many.getBytes(StandardCharsets.UTF_8)).orElseThrow();
        assertThat(thousand.size()).isEqualTo(1001);
        assertThat(raw(many, thousand.message(1000).orElseThrow(), Member.ID)).isEqualTo("77");
        for (String none : new String[] {"", " ", "{}", "[", "[1,]", "[1] 2", "[{\"id\":1]", "\ufeff[]"}) {
            assertThat(Batch.of(none.getBytes(StandardCharsets.UTF_8))).as(none).isEmpty();
        }
        assertThat(Batch.of(new byte[] {'[', ']'}).orElseThrow().size()).isZero();
    }

    private static Optional<Envelope> of(String line) {
        return Envelope.of(line.getBytes(StandardCharsets.UTF_8));
    }

    private static String raw(String line, Envelope envelope, Member member) {
        int from = envelope.from(member);
        return new String(
                line.getBytes(StandardCharsets.UTF_8), from, envelope.to(member) - from, StandardCharsets.UTF_8);
    }
}
