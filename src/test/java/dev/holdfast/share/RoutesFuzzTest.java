package dev.holdfast.share;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.json.Envelope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever a client sends, what reaches the server is, for a parser that takes the last of two like members, the client's own
 * message with this host's number as its id and token, and nothing else.
 */
@Timeout(600)
class RoutesFuzzTest {
    private static final JsonMapper JACKSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final List<String> LINES = List.of(
            "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"_meta\":{\"progressToken\":\"t\"},\"x\":[1,-2.5e3]}}",
            "{\"id\":\"\\u0061\",\"method\":\"resources/read\",\"params\":{\"uri\":\"a:b\",\"_meta\":{\"progressToken\":3}}}",
            "{\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1,\"reason\":\"r\"}}",
            "{\"id\":1,\"result\":{\"task\":{\"taskId\":\"7\"}},\"x\":{\"id\":2}}");
    private static final List<String> PIECES = List.of(
            "\"id\":",
            "\"params\":{",
            "\"_meta\":{",
            "\"result\":",
            "\"method\":\"m\",",
            "\"\\u0069d\":",
            "\"requestId\":",
            "\"progressToken\":",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\\",
            "\\u006",
            " ",
            "0",
            "1",
            "-",
            ".5",
            "e",
            "null");

    @Test
    void mutatedMessagesReachTheServerAsTheirSendersOwn() {
        compare(100_000);
    }

    @Test
    @Tag("long")
    void millionsOfMutatedMessagesReachTheServerAsTheirSendersOwn() {
        compare(5_000_000);
    }

    private static void compare(int rounds) {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int reached = 0;
        for (int round = 0; round < rounds; round++) {
            byte[] line = LINES.get(round % LINES.size()).getBytes(StandardCharsets.UTF_8);
            for (int change = random.nextInt(3); change >= 0; change--) {
                line = mutated(line, random);
            }
            Sent sent = new Sent();
            sent.routes.fromClient(1, line);
            sent.routes.fromServer(line);
            if (sent.line != null) {
                reached++;
                check(line, sent.line, sent.wireId, "seed " + seed + ", round " + round);
            }
        }
        assertThat(reached).as("seed %d", seed).isGreaterThan(rounds / 50);
    }

    private static void check(byte[] line, byte[] sent, long wireId, String what) {
        String text = new String(line, StandardCharsets.UTF_8);
        Optional<ObjectNode> original = tree(line);
        Optional<ObjectNode> forwarded = tree(sent);
        if (original.isEmpty() || forwarded.isEmpty()) {
            assertThat(text.indexOf('\ufffd')).as("%s: %s", what, text).isNotNegative();
            return;
        }
        ObjectNode expected = original.get();
        if (wireId > 0) {
            assertThat(forwarded.get().path("id").longValue())
                    .as("%s: %s", what, text)
                    .isEqualTo(wireId);
            expected.put("id", wireId);
            JsonNode meta = expected.path("params").path("_meta");
            if (meta.isObject() && meta.has("progressToken")) {
                ((ObjectNode) meta).put("progressToken", wireId);
            }
        }
        assertThat(forwarded.get().toString()).as("%s: %s", what, text).isEqualTo(expected.toString());
    }

    private static Optional<ObjectNode> tree(byte[] line) {
        try {
            return JACKSON.readTree(line) instanceof ObjectNode node ? Optional.of(node) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static byte[] mutated(byte[] line, Random random) {
        String text = new String(line, StandardCharsets.ISO_8859_1);
        int at = random.nextInt(text.length() + 1);
        String piece = switch (random.nextInt(4)) {
            case 0 -> text.substring(Math.min(at, random.nextInt(text.length() + 1)), at);
            case 1 -> "";
            default -> PIECES.get(random.nextInt(PIECES.size()));
        };
        int to = random.nextBoolean() ? at : Math.min(text.length(), at + random.nextInt(12));
        return (text.substring(0, at) + piece + text.substring(to)).getBytes(StandardCharsets.ISO_8859_1);
    }

    /** What has reached the server from the client; what the server's own line does is only not to throw. */
    private static final class Sent implements RouteListener {
        final Routes routes = new Routes(this);
        byte @Nullable [] line;
        long wireId;

        @Override
        public boolean admits(int client, RawValue id, Envelope message) {
            return true;
        }

        @Override
        public void request(int client, long number, byte[] sent, Envelope message) {
            line = sent;
            wireId = number;
        }

        @Override
        public void abandoned(long number) {
            throw new AssertionError("nothing is open");
        }

        @Override
        public void cancelled(long number, byte[] sent) {
            throw new AssertionError("nothing is open");
        }

        @Override
        public void notification(int client, byte[] sent) {
            toServer(sent);
        }

        @Override
        public void toServer(byte[] sent) {
            if (line == null && wireId == 0) {
                String text = new String(sent, StandardCharsets.ISO_8859_1);
                line = text.contains("\"result\":{}}") && text.startsWith("{\"jsonrpc\"") ? null : sent;
            }
        }

        @Override
        public void answered(int client, long number, byte[] sent) {}

        @Override
        public void toClient(int client, byte[] sent) {}

        @Override
        public void forHost(int client, HostMethod method, byte[] sent, Envelope message) {}

        @Override
        public void serverAsks(byte[] sent, Envelope request) {
            routes.ask(1, sent, request);
        }

        @Override
        public void announced(String method, byte[] sent, Envelope notification) {}

        @Override
        public void dropped(Drop why) {}

        @Override
        public void late(long number) {}

        @Override
        public void talksNonsense(int client) {}
    }
}
