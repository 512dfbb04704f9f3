package dev.holdfast.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.json.FlatObject;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.settings.HandOff;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests and answers are read back; whatever else comes in is refused, and never an exception of another kind. */
class ControlCallTest {
    private static final LockRecord RECORD = new LockRecord(
            "orders",
            new ProcessIdentity(7, 1, 0),
            "7-a1b2c3d4",
            Optional.empty(),
            0,
            "stdio",
            new LockRecord.Care(Optional.of(HandOff.SUPERVISE), false),
            "1",
            LockRecord.State.READY,
            "says \"hello\\",
            1,
            "2026-05-02T09:14:03.875Z",
            5000,
            "",
            0,
            "3f2ab99c01de",
            -1,
            "1.0.0");

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @EnumSource
    void callIsReadBack(Request verb) throws ControlCall.RefusedException {
        for (Optional<Duration> grace : java.util.List.of(Optional.<Duration>empty(), Optional.of(Duration.ZERO))) {
            ControlCall call = new ControlCall(verb, "7-a1b2c3d4", grace, "3f2ab99c01de", 12);
            assertThat(ControlCall.parse(call.line())).isEqualTo(call);
            assertThat(call.line()).endsWith('\n').hasSizeLessThan(512);
        }
    }

    /** Whoever wrote the record chose its instance id, and whoever named the machine its host. */
    @ParameterizedTest
    @ValueSource(strings = {"7-\"a1b2\"", "7\\", "\",\"request\":\"status"})
    void textsOfOthersStayInTheirPlace(String text) throws ControlCall.RefusedException {
        ControlCall call = new ControlCall(Request.STOP, text, Optional.empty(), text, 12);
        FlatObject written = FlatObject.parse(call.line()).orElseThrow();
        assertThat(written.text("instanceId")).contains(text);
        assertThat(written.text("host")).contains(text);
        assertThat(ControlCall.parse(call.line()).request()).isEqualTo(Request.STOP);
    }

    @Test
    void answersAreReadBack() {
        assertThat(ControlAnswer.parse(bytes(ControlAnswer.line(RECORD))))
                .contains(new ControlAnswer("7-a1b2c3d4", "ready", 5000, "", Optional.empty()));
        assertThat(ControlAnswer.parse(bytes(ControlAnswer.refusal("7-a1b2c3d4", "no"))))
                .contains(new ControlAnswer("7-a1b2c3d4", "", 0, "no", Optional.empty()));
        assertThat(ControlAnswer.line(RECORD)).contains("\"statusText\":\"says \\\"hello\\\\\"");
        assertThat(ControlAnswer.parse(bytes("{\"holdfast\":2,\"error\":\"\"}")))
                .isEmpty();
        assertThat(ControlAnswer.parse(bytes("hello"))).isEmpty();
    }

    /** An older client reads the words, a newer one the parts. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            kind        | signal | words
            NOT_RUNNING | 0      | the server does not run now
            NO_SIGNAL   | 0      | HUP is mapped to nothing
            UNSEEN      | 1      | it cannot be told what the server does at SIGHUP, since /proc does not show it
            IGNORED     | 12     | the server ignores SIGUSR2
            DEADLY      | 1      | no handler for SIGHUP: the server would die of it
            STOPPING    | 20     | no handler for SIGTSTP: the server would be stopped
            EMBEDDED    | 1      | it guards itself by the library, and a JVM shuts down at SIGHUP
            """)
    void obstacleOfAReloadIsReadBack(ReloadObstacle.Kind kind, int signal, String words) {
        ReloadObstacle obstacle = new ReloadObstacle.Seen(kind, signal);
        String refusal = ControlAnswer.refusal("7-a1b2c3d4", obstacle);
        assertThat(refusal).contains("\"error\":\"" + words + "\"");
        assertThat(ControlAnswer.parse(bytes(refusal)).flatMap(ControlAnswer::obstacle))
                .contains(obstacle);
    }

    @Test
    void obstacleOfANewerVersionIsThereAsWords() {
        String line = "{\"holdfast\":1,\"instanceId\":\"7\",\"error\":\"it is Sunday\",\"obstacle\":\"sunday\"}";
        assertThat(ControlAnswer.parse(bytes(line)))
                .contains(new ControlAnswer("7", "", 0, "it is Sunday", Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "status",
                "{\"request\":\"status\"}",
                "{\"holdfast\":\"1\",\"request\":\"status\"}",
                "{\"holdfast\":1.0,\"request\":\"status\"}",
                "{\"holdfast\":2,\"request\":\"status\"}",
                "{\"holdfast\":1,\"request\":[\"status\"]}",
                "{\"holdfast\":1,\"request\":\"Status\"}",
                "{\"holdfast\":1,\"request\":\"stop\",\"request\":\"stop\"}",
                "{\"holdfast\":1,\"request\":\"stop\"}}",
            })
    void otherLinesAreRefused(String line) {
        assertThatThrownBy(() -> ControlCall.parse(bytes(line))).isInstanceOf(ControlCall.RefusedException.class);
    }

    /** What goes into a log line as "from=HOST/PID uid=UID" must not look like other facts. */
    @Test
    void whereItComesFromCannotForgeALogLine() throws ControlCall.RefusedException {
        ControlCall call = ControlCall.parse(bytes("{\"holdfast\":1,\"request\":\"stop\",\"graceMillis\":"
                + Long.MAX_VALUE + ",\"host\":\"a uid=7\\n\\u001b\\\"" + "x".repeat(100)
                + "\",\"pid\":-5,\"future\":{\"a\":[1]}}"));
        assertThat(call.host()).startsWith("a_uid=7???xx").hasSize(LockRecord.LONGEST_TEXT);
        assertThat(call.pid()).isZero();
        assertThat(call.grace()).contains(Duration.ofDays(366));
    }

    @Test
    void mutatedLinesNeverThrowAnythingElse() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        byte[] good =
                new ControlCall(Request.YIELD, "7-a1b2c3d4", Optional.of(Duration.ofSeconds(5)), "host", 12).line();
        for (int round = 0; round < 20_000; round++) {
            byte[] line = good.clone();
            for (int change = random.nextInt(5); change >= 0; change--) {
                line[random.nextInt(line.length)] = random.nextBoolean()
                        ? (byte) random.nextInt(256)
                        : (byte) "{}[]\",:\\0179-+.eu \n".charAt(random.nextInt(19));
            }
            try {
                ControlCall call = ControlCall.parse(line);
                assertThat(call.host() + call.instanceId())
                        .as("seed %d", seed)
                        .matches("[ -~]*")
                        .hasSizeLessThanOrEqualTo(2 * LockRecord.LONGEST_TEXT);
                var unused = ControlAnswer.parse(line);
            } catch (ControlCall.RefusedException e) {
                assertThat(e.getMessage()).as("seed %d", seed).isNotBlank();
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + new String(line, StandardCharsets.ISO_8859_1), e);
            }
        }
    }
}
