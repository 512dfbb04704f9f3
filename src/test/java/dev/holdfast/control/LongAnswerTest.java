package dev.holdfast.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lines of a long answer are read back, and nothing else is one. */
class LongAnswerTest {
    private static final String ID = "7-a1b2c3d4";

    private static Optional<LongAnswer> parse(String line) {
        return LongAnswer.parse(line.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void linesAreReadBack() {
        assertThat(parse(LongAnswer.progress(ID, LongAnswer.Progress.SEND, 0)))
                .contains(new LongAnswer(ID, "send", 0, -1, "", ""));
        assertThat(parse(LongAnswer.progress(ID, LongAnswer.Progress.RUNNING, 5000)))
                .contains(new LongAnswer(ID, "running", 5000, -1, "", ""));
        assertThat(parse(LongAnswer.done(ID, 3))).contains(new LongAnswer(ID, "", 0, 3, "", ""));
        assertThat(parse(LongAnswer.refusal(ID, "no", LongAnswer.Refusal.AGAIN)))
                .contains(new LongAnswer(ID, "", 0, -1, "no", "again"));
        assertThat(parse(LongAnswer.done(ID, 3)).orElseThrow().isLast()).isTrue();
        assertThat(parse(LongAnswer.progress(ID, "send", 0)).orElseThrow().isLast())
                .isFalse();
    }

    /** A launcher of version 1.0.0 to a request of version 2, in its own words. */
    @Test
    void refusalOfVersion1IsOneForGood() {
        assertThat(parse("{\"holdfast\":1,\"instanceId\":\"7-a1b2c3d4\","
                        + "\"error\":\"protocol 1 is spoken here: \\\"holdfast\\\":1\"}"))
                .contains(new LongAnswer(ID, "", 0, -1, "protocol 1 is spoken here: ?holdfast?:1", "never"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "{}",
                "{\"holdfast\":2}",
                "{\"holdfast\":1,\"state\":\"ready\"}",
                "{\"holdfast\":2,\"code\":256}",
                "{\"holdfast\":2,\"code\":-1}",
                "{\"holdfast\":2,\"code\":\"0\"}",
                "{\"holdfast\":3,\"code\":0}",
            })
    void otherLinesAreNone(String line) {
        assertThat(parse(line)).isEmpty();
    }

    @Test
    void callSaysHowMuchFollows() throws ControlCall.RefusedException {
        ControlCall call =
                new ControlCall(Request.ACTIVATE, ID, Optional.empty(), "host", 12, Duration.ofSeconds(5), 4096);
        assertThat(new String(call.line(), StandardCharsets.UTF_8)).startsWith("{\"holdfast\":2,");
        assertThat(ControlCall.parse(call.line())).isEqualTo(call);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 4L * 1024 * 1024 + 1, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 32})
    void payloadsAreBounded(long bytes) {
        String line = "{\"holdfast\":2,\"request\":\"activate\",\"payloadBytes\":" + bytes + "}";
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> ControlCall.parse(line.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(ControlCall.RefusedException.class)
                .hasMessageContaining("4194304");
    }

    /** What version 1 has is asked for in its words, and what version 2 has in those of version 2. */
    @ParameterizedTest
    @ValueSource(strings = {"{\"holdfast\":1,\"request\":\"activate\"}", "{\"holdfast\":2,\"request\":\"stop\"}"})
    void eachRequestHasItsVersion(String line) {
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> ControlCall.parse(line.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(ControlCall.RefusedException.class);
    }

    @Test
    void mutatedLinesNeverThrow() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        byte[] good = LongAnswer.progress(ID, "running", 5000).getBytes(StandardCharsets.UTF_8);
        for (int round = 0; round < 20_000; round++) {
            byte[] line = good.clone();
            for (int change = random.nextInt(5); change >= 0; change--) {
                line[random.nextInt(line.length)] = (byte) random.nextInt(256);
            }
            try {
                LongAnswer.parse(line)
                        .ifPresent(answer -> assertThat(answer.progress() + answer.error())
                                .as("seed %d", seed)
                                .matches("[ -~]*"));
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }
}
