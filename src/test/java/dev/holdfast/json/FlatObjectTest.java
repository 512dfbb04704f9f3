package dev.holdfast.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read by hand is what Jackson reads, and what it refuses is refused. */
class FlatObjectTest {
    private static final String SEED =
            "{\"pid\":12345,\"t\":\"2026-05-02T09:14:03.875Z\",\"e\":\"a\\\"b\\\\c\\u0041\\n\","
                    + "\"future\":{\"a\":[1,2.5e-3,{\"b\":null}],\"c\":true,\"d\":{}},\"f\":-0.5,\"g\":[],\"big\":9223372036854775807,"
                    + "\"n\":-1,\"off\":false,\"umlaut\":\"\u00e4\u20ac\"}  \n";

    @Test
    void textsAndWholeNumbersAreRead() {
        FlatObject object = parse(SEED).orElseThrow();
        assertThat(object.number("pid", 0)).isEqualTo(12345);
        assertThat(object.number("n", 0)).isEqualTo(-1);
        assertThat(object.number("big", 0)).isEqualTo(Long.MAX_VALUE);
        assertThat(object.text("e")).contains("a\"b\\cA\n");
        assertThat(object.text("umlaut")).contains("\u00e4\u20ac");
        assertThat(object.text("future")).isEmpty();
        assertThat(object.text("pid")).isEmpty();
        assertThat(object.number("f", 7)).isEqualTo(7);
        assertThat(object.number("missing", 7)).isEqualTo(7);
    }

    @Test
    void listsOfTextsAndObjectsAreRead() {
        FlatObject object = parse("{\"l\":[\"a\",1,\"b\",[\"c\"],null],\"o\":{\"t\":\"x\",\"o\":{\"n\":7}},\"e\":[]}")
                .orElseThrow();
        assertThat(object.texts("l")).containsExactly("a", "b");
        assertThat(object.texts("e")).isEmpty();
        assertThat(object.texts("o")).isEmpty();
        assertThat(object.texts("none")).isEmpty();
        assertThat(object.object("l")).isEmpty();
        FlatObject inner = object.object("o").orElseThrow();
        assertThat(inner.text("t")).contains("x");
        assertThat(inner.keys()).containsExactlyInAnyOrder("t", "o");
        assertThat(inner.object("o").orElseThrow().number("n", 0)).isEqualTo(7);
        String written = new FlatObjectWriter()
                .texts("l", java.util.List.of("a\"", "b"))
                .texts("e", java.util.List.of())
                .object("o", new FlatObjectWriter().number("n", 7).text("t", "x"))
                .number("last", 1)
                .end();
        assertThat(written).isEqualTo("{\"l\":[\"a\\\"\",\"b\"],\"e\":[],\"o\":{\"n\":7,\"t\":\"x\"},\"last\":1}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "{",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":1",
                "{\"a\":1,",
                "{\"a\":1,}",
                "{,}",
                "{\"a\" 1}",
                "{a:1}",
                "{'a':1}",
                "{\"a\":01}",
                "{\"a\":+1}",
                "{\"a\":1.}",
                "{\"a\":.5}",
                "{\"a\":1e}",
                "{\"a\":-}",
                "{\"a\":9223372036854775808}",
                "{\"a\":tru}",
                "{\"a\":truee}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u00g0\"}",
                "{\"a\":\"\n\"}",
                "{\"a\":\"",
                "{\"a\":\"\\",
                "{\"a\":[1,]}",
                "{\"a\":[1}",
                "{\"a\":1}{}",
                "{\"a\":1}\u0000",
                "{\"a\":1,\"a\":1}",
                "{\"a\":NaN}",
                "{\"a\":/**/1}",
            })
    void malformedIsRefusedAsByJackson(String json) {
        assertThat(parse(json)).as(json).isEmpty();
        assertThat(byJackson(json.getBytes(StandardCharsets.UTF_8))).as(json).isEmpty();
    }

    @Test
    void whatIsNotUtf8IsRefused() {
        byte[] text = "{\"a\":\"xx\"}".getBytes(StandardCharsets.UTF_8);
        text[6] = (byte) 0xc0;
        assertThat(FlatObject.parse(text)).isEmpty();
    }

    @Test
    void depthIsBounded() {
        assertThat(parse("{\"a\":" + "[".repeat(31) + "]".repeat(31) + "}")).isPresent();
        assertThat(parse("{\"a\":" + "[".repeat(32) + "]".repeat(32) + "}")).isEmpty();
        assertThat(parse("{\"a\":".repeat(100_000))).isEmpty();
    }

    @Test
    void mutatedTextsAreReadAsByJackson() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int wellFormed = 0;
        for (int round = 0; round < 100_000; round++) {
            byte[] text = SEED.getBytes(StandardCharsets.UTF_8);
            for (int change = random.nextInt(3); change >= 0; change--) {
                mutate(text, random);
            }
            if (new String(text, StandardCharsets.UTF_8).indexOf('\ufffd') >= 0) {
                continue; // Jackson lets some overlong forms pass
            }
            Optional<Map<String, Object>> expected = byJackson(text);
            Optional<FlatObject> actual = FlatObject.parse(text);
            String shown = "seed " + seed + ": " + new String(text, StandardCharsets.ISO_8859_1);
            assertThat(actual.isPresent()).as(shown).isEqualTo(expected.isPresent());
            if (expected.isPresent()) {
                wellFormed++;
                expected.get()
                        .forEach((key, value) -> assertThat(valueOf(actual.get(), key, value))
                                .as(shown)
                                .isEqualTo(value));
            }
        }
        assertThat(wellFormed).isGreaterThan(5_000);
    }

    private static Object valueOf(FlatObject object, String key, Object like) {
        return like instanceof Long
                ? object.number(key, Long.MIN_VALUE + 1)
                : object.text(key).orElse("none");
    }

    private static void mutate(byte[] text, Random random) {
        int at = random.nextInt(text.length);
        switch (random.nextInt(4)) {
            case 0 -> text[at] = (byte) random.nextInt(128);
            case 1 -> text[at] = (byte) "{}[]\",:\\0179-+.eEu \n".charAt(random.nextInt(19));
            case 2 -> System.arraycopy(text, random.nextInt(text.length - 8), text, Math.min(at, text.length - 8), 8);
            default -> text[at] ^= (byte) (1 << random.nextInt(7));
        }
    }

    private static Optional<FlatObject> parse(String json) {
        return FlatObject.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<Map<String, Object>> byJackson(byte[] json) {
        JsonFactory factory = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        Map<String, Object> fields = new HashMap<>();
        try (JsonParser parser = factory.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String key = parser.currentName();
                JsonToken value = parser.nextToken();
                if (value == JsonToken.VALUE_STRING) {
                    fields.put(key, parser.getText());
                } else if (value == JsonToken.VALUE_NUMBER_INT) {
                    fields.put(key, parser.getLongValue());
                } else {
                    parser.skipChildren();
                }
            }
            return parser.nextToken() == null ? Optional.of(fields) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
