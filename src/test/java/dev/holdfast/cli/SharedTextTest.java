package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What status says of the clients that share a server. */
class SharedTextTest {
    private static String text(String share) {
        return SharedText.of(
                Optional.of(("{\"holdfast\":1,\"share\":" + share + "}").getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void eachClientHasALine() {
        assertThat(text("""
                        {"era":"legacy","protocolVersion":"2025-06-18","clients":[
                        {"id":1,"pid":4711,"name":"claude","since":"2026-05-02T09:14:03.875Z","requests":1,"open":1,"queued":2,"dropped":1},
                        {"id":3,"pid":0,"name":"","since":"2026-05-02T09:15:00.000Z","requests":12,"open":0,"queued":0,"dropped":0}],
                        "open":1,"queued":2,"restarts":0,"uptimeMillis":5000,"totals":{},"warnings":[{"details":"so \\u001b[2J","remedy":"do"}]}"""))
                .isEqualTo("\n  shared     by 2 clients, 1 open request, 2 waiting; it speaks 2025-06-18"
                        + "\n  client     1 (claude), pid 4711, since 2026-05-02T09:14:03.875Z: 1 request, 1 open, 2 waiting,"
                        + " 1 message dropped"
                        + "\n  client     3, since 2026-05-02T09:15:00.000Z: 12 requests, 0 open"
                        + "\n  warning    so ?[2J; do");
    }

    @Test
    void aLauncherThatDoesNotAnswerIsSaidToBeOne() {
        assertThat(SharedText.of(Optional.empty())).isEqualTo("\n  shared     its launcher does not tell by whom");
        assertThat(text("[]")).isEqualTo("\n  shared     its launcher does not tell by whom");
        assertThat(text("{}")).isEqualTo("\n  shared     by 0 clients, 0 open requests");
    }
}
