package dev.holdfast.share.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What bodies of requests may take of the memory. */
class BodiesTest {
    private static final int LONGEST = 20 << 20;

    private static StubExchange of(int length) {
        return new StubExchange("/mcp").body("x".repeat(length));
    }

    @Test
    void aMessageMayBeAsLongAsIsSaid() throws IOException {
        Bodies bodies = new Bodies(1000);
        try (Bodies.Body longest = bodies.read(of(1000));
                Bodies.Body longer = bodies.read(of(1001))) {
            assertThat(longest.verdict()).isEqualTo(Bodies.Verdict.WHOLE);
            assertThat(new String(longest.bytes(), StandardCharsets.UTF_8)).hasSize(1000);
            assertThat(longer.verdict()).isEqualTo(Bodies.Verdict.TOO_LONG);
        }
    }

    @Test
    void allTogetherAreBoundedAndThereIsRoomAgainLater() throws IOException {
        Bodies bodies = new Bodies(LONGEST);
        List<Bodies.Body> held = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            held.add(bodies.read(of(LONGEST)));
        }
        assertThat(held.get(2).verdict()).isEqualTo(Bodies.Verdict.WHOLE);
        assertThat(held.get(3).verdict()).isEqualTo(Bodies.Verdict.NO_ROOM);

        held.forEach(Bodies.Body::close);
        try (Bodies.Body again = bodies.read(of(LONGEST))) {
            assertThat(again.verdict()).isEqualTo(Bodies.Verdict.WHOLE);
        }
    }
}
