package dev.holdfast.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.posix.MappedMemory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is ordered arrives as it was said, and what came of it, too. */
class RedeployOrderTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static RedeployOrder sent(RedeployOrder order) throws ControlCall.RefusedException {
        byte[] payload = order.payload();
        try (MappedMemory memory = MappedMemory.allocate(Math.max(1, payload.length))) {
            memory.put(0, payload);
            return RedeployOrder.of(Payload.read(memory, payload.length));
        }
    }

    @Test
    void orderArrivesWhole() throws ControlCall.RefusedException {
        List<byte[]> command = List.of(bytes("sh"), bytes(""), bytes("a\nb\u00ff"));
        List<byte[]> environment = List.of(bytes("A=1"), bytes("B=x=y\n"));
        Map<String, String> options = Map.of("settle", "300", "check", "test a = b", "keep-env", "");
        RedeployOrder order = sent(new RedeployOrder(command, environment, "/srv/\u00e4\udcff", options));
        assertThat(order.command()).usingElementComparator(Arrays::compare).containsExactlyElementsOf(command);
        assertThat(order.environment()).usingElementComparator(Arrays::compare).containsExactlyElementsOf(environment);
        assertThat(order.folder()).isEqualTo("/srv/\u00e4\udcff");
        assertThat(order.options()).isEqualTo(options);
        assertThat(order.number("settle", 5)).isEqualTo(300);
        assertThat(order.number("grace", 5)).isEqualTo(5);
        assertThat(order.number("check", 5)).as("no number").isEqualTo(5);
        assertThat(order.text("check", "")).isEqualTo("test a = b");
        assertThat(order.has("keep-env")).isTrue();
        assertThat(order.has("dry-run")).isFalse();
    }

    @Test
    void orderThatIsTooLongIsNotSent() {
        byte[] huge = new byte[Payload.LONGEST];
        Arrays.fill(huge, (byte) 'x');
        assertThat(new RedeployOrder(List.of(huge), List.of(), "/", Map.of()).payload())
                .isEmpty();
    }

    @Test
    void reportArrivesWholeAndIsAnAnswerForWhoeverKnowsNoReports() {
        RedeployReport report = new RedeployReport(
                RedeployReport.Outcome.RETURNED, 69, "1.0", 4711, "2.0", 12, 340, "command \"x\" not found in PATH");
        byte[] line = report.line("7-0123abcd").getBytes(StandardCharsets.UTF_8);
        assertThat(RedeployReport.parse(line)).contains(report);
        assertThat(LongAnswer.parse(line)).hasValueSatisfying(answer -> {
            assertThat(answer.isLast()).isTrue();
            assertThat(answer.code()).isEqualTo(69);
            assertThat(answer.error()).isEmpty();
        });
    }

    @Test
    void longReasonIsCutAndHasNoControlCharacters() {
        RedeployReport report = new RedeployReport(
                RedeployReport.Outcome.REFUSED, 64, "0", 0, "", 0, 0, "\u001b[2J" + "x".repeat(9000));
        byte[] line = report.line("7-0123abcd").getBytes(StandardCharsets.UTF_8);
        assertThat(line.length).isLessThan(1024);
        assertThat(RedeployReport.parse(line).orElseThrow().why()).doesNotContain("\u001b");
    }

    @Test
    void otherLinesAreNoReports() {
        for (String line : List.of("", "{", "{\"holdfast\":2}", "{\"holdfast\":2,\"instanceId\":\"a\",\"code\":0}")) {
            assertThat(RedeployReport.parse(line.getBytes(StandardCharsets.UTF_8)))
                    .as(line)
                    .isEmpty();
        }
    }
}
