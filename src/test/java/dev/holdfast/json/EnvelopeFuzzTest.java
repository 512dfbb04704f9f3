package dev.holdfast.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.holdfast.json.Envelope.Member;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is found in a message without parsing it is what Jackson's parser finds, which takes the last of two like members. */
@Timeout(600)
class EnvelopeFuzzTest {
    private static final JsonMapper JACKSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final List<String> LINES = List.of(
            "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\","
                    + "\"capabilities\":{\"roots\":{}},\"_meta\":{\"progressToken\":\"t\",\"x\":[1,-2.5e3,true,null]}}}",
            "{\"method\":\"notifications/progress\",\"params\":{\"progressToken\":1,\"progress\":0.5,\"uri\":\"a:b\","
                    + "\"level\":\"info\",\"requestId\":\"\\u0061\",\"elicitationId\":\"e\",\"task\":{\"ttl\":1},\"taskId\":\"\"}}",
            "{\"id\":\"a\\\"b\",\"result\":{\"task\":{\"taskId\":\"7\"},\"_meta\":"
                    + "{\"io.modelcontextprotocol/subscriptionId\":8},\"content\":[{\"id\":1}]},\"error\":{\"code\":-32000}}",
            "{\"params\":{\"_meta\":{\"io.modelcontextprotocol/related-task\":{\"taskId\":\"r\"},"
                    + "\"io.modelcontextprotocol/subscriptionId\":null}},\"\\u0069d\":1e3,\"id\":2,\"\u00e4\":\"\u20ac\"}");

    /** What a change puts in. */
    private static final List<String> PIECES = List.of(
            "\"id\":",
            "\"params\":{",
            "\"_meta\":{",
            "\"result\":",
            "\"uri\":1,",
            "\"\\u0069d\":",
            "\"taskId\":",
            "\"task\":{",
            "\"progressToken\":",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\\",
            "\\\"",
            "\\u006",
            " ",
            "\t",
            "0",
            "-",
            "1.5",
            "e",
            "null",
            "true");

    @Test
    void mutatedMessagesAreSeenAsByJackson() {
        compare(200_000);
    }

    @Test
    @Tag("long")
    void millionsOfMutatedMessagesAreSeenAsByJackson() {
        compare(10_000_000);
    }

    private static void compare(int rounds) {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int messages = 0;
        for (int round = 0; round < rounds; round++) {
            byte[] line = LINES.get(round % LINES.size()).getBytes(StandardCharsets.UTF_8);
            for (int change = random.nextInt(3); change >= 0; change--) {
                line = mutated(line, random);
            }
            Optional<Envelope> found = Envelope.of(line);
            String text = new String(line, StandardCharsets.UTF_8);
            if (text.indexOf('\ufffd') < 0) { // what is no UTF-8 is only not to throw
                messages += isAsByJackson(found, text, line, seed) ? 1 : 0;
            }
        }
        assertThat(messages).as("seed %d", seed).isBetween(rounds / 20, rounds - rounds / 20);
    }

    private static boolean isAsByJackson(Optional<Envelope> found, String text, byte[] line, long seed) {
        Optional<JsonNode> tree = tree(text).filter(JsonNode::isObject);
        if (found.isPresent() != tree.isPresent()) {
            throw new AssertionError("seed " + seed + ", Jackson: " + tree + ", for " + text);
        }
        if (found.isEmpty()) {
            return false;
        }
        Envelope envelope = found.get();
        for (Member member : Member.values()) {
            JsonNode expected = tree.get().at(PATHS.get(member));
            String span = new String(
                    line, envelope.from(member), envelope.to(member) - envelope.from(member), StandardCharsets.UTF_8);
            boolean isSame = envelope.has(member)
                    ? tree(span).orElseThrow().equals(expected)
                            && envelope.text(member).equals(Optional.ofNullable(expected.textValue()))
                    : expected.isMissingNode();
            if (!isSame) {
                throw new AssertionError(
                        "seed " + seed + ", " + member + " is " + expected + ", not " + span + " in " + text);
            }
        }
        return true;
    }

    private static final Map<Member, JsonPointer> PATHS = paths();

    /** Written down once more, so that a wrong name in the table is seen. */
    private static Map<Member, JsonPointer> paths() {
        String[] paths = {
            "/id",
            "/method",
            "/params",
            "/result",
            "/error",
            "/params/progressToken",
            "/params/requestId",
            "/params/uri",
            "/params/level",
            "/params/taskId",
            "/params/elicitationId",
            "/params/task",
            "/params/_meta",
            "/params/_meta/progressToken",
            "/params/_meta/io.modelcontextprotocol~1protocolVersion",
            "/params/_meta/io.modelcontextprotocol~1logLevel",
            "/params/_meta/io.modelcontextprotocol~1subscriptionId",
            "/params/_meta/io.modelcontextprotocol~1related-task",
            "/params/_meta/io.modelcontextprotocol~1related-task/taskId",
            "/result/task",
            "/result/task/taskId",
            "/result/_meta",
            "/result/_meta/io.modelcontextprotocol~1subscriptionId"
        };
        Map<Member, JsonPointer> all = new EnumMap<>(Member.class);
        Iterator<Member> members = List.of(Member.values()).iterator();
        for (String path : paths) {
            all.put(members.next(), JsonPointer.compile(path));
        }
        assertThat(members).isExhausted();
        return all;
    }

    private static Optional<JsonNode> tree(String text) {
        try {
            return Optional.ofNullable(JACKSON.readTree(text)).filter(node -> !node.isMissingNode());
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static byte[] mutated(byte[] line, Random random) {
        int at = random.nextInt(line.length);
        return switch (random.nextInt(6)) {
            case 0 -> with(line, at, at + 1, new byte[] {(byte) random.nextInt(128)});
            case 1 -> with(line, at, at + 1, new byte[] {(byte) (line[at] ^ (1 << random.nextInt(8)))});
            case 2 -> with(line, at, Math.min(line.length, at + 1 + random.nextInt(9)), new byte[0]);
            case 3 -> {
                int from = random.nextInt(line.length);
                yield with(line, at, at, Arrays.copyOfRange(line, from, Math.min(line.length, from + 24)));
            }
            case 4 -> line.length < 2 ? line : memberTwice(line, random);
            default ->
                with(line, at, at, PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8));
        };
    }

    /** All of another line's members, or its own, once more. */
    private static byte[] memberTwice(byte[] line, Random random) {
        byte[] other = LINES.get(random.nextInt(LINES.size())).getBytes(StandardCharsets.UTF_8);
        byte[] members = Arrays.copyOfRange(other, 1, other.length);
        members[members.length - 1] = ',';
        return with(line, 1, 1, members);
    }

    private static byte[] with(byte[] line, int from, int to, byte[] piece) {
        byte[] changed = new byte[line.length - (to - from) + piece.length];
        System.arraycopy(line, 0, changed, 0, from);
        System.arraycopy(piece, 0, changed, from, piece.length);
        System.arraycopy(line, to, changed, from + piece.length, line.length - to);
        return changed.length == 0 ? new byte[] {' '} : changed;
    }
}
