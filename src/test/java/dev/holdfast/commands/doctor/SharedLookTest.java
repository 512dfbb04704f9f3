package dev.holdfast.commands.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.jackson.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What a launcher warns of is something that somebody should look at. */
class SharedLookTest {
    @Test
    void eachWarningIsAFinding() {
        String told = """
                {"clients":[],"warnings":[{"kind":"shared_roots","details":"it \\u001b asks","remedy":"do this"}]}""";
        assertThat(SharedLook.of(
                        "orders",
                        Json.read(told.getBytes(StandardCharsets.UTF_8)).orElseThrow()))
                .containsExactly(new Finding("shared_roots", "\"orders\" is shared, and it ? asks", "do this"));
        assertThat(SharedLook.of("orders", Json.object())).isEmpty();
    }
}
