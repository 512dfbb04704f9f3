package dev.holdfast.share;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A client that does not read loses notifications that later ones make up for, then its place, and never an answer. */
class OutgoingTest {
    private static final int MEGABYTE = 1 << 20;

    private final QueuedBytes total = new QueuedBytes();
    private final List<String> dropped = new ArrayList<>();
    private long now = 5;
    private final Outgoing outgoing = new Outgoing(() -> now, total, dropped::add);

    @Test
    void messagesComeInOrderEachWithItsNewline() {
        add("a");
        add("b");

        assertThat(taken()).containsExactly("a", "b");
        assertThat(outgoing.isEmpty()).isTrue();
        assertThat(outgoing.first()).isNull();
        assertThat(total.count()).isZero();
    }

    @Test
    void aLineIsTakenInParts() {
        add("abc");

        outgoing.written(2);
        assertThat(outgoing.offset()).isEqualTo(2);
        assertThat(outgoing.first()).hasSize(3);

        outgoing.written(1);
        assertThat(outgoing.isEmpty()).as("its end is left").isFalse();
        assertThat(outgoing.offset()).isEqualTo(3);

        outgoing.written(1);
        assertThat(outgoing.isEmpty()).isTrue();
        assertThat(outgoing.offset()).isZero();
    }

    @Test
    void progressIsKeptAsLongAsTheClientKeepsUp() {
        tell(progress("7", 1));
        tell(progress("7", 2));

        assertThat(taken()).containsExactly(progress("7", 1), progress("7", 2));
        assertThat(dropped).isEmpty();
    }

    @Test
    void ofACrowdsProgressTheNewestOfEachTokenStays() {
        crowd();
        tell(progress("7", 1));
        tell(progress("\"7\"", 1));
        tell(progress("7", 2));
        add("answer");

        assertThat(taken().subList(1, 4)).containsExactly(progress("\"7\"", 1), progress("7", 2), "answer");
        assertThat(dropped).containsExactly("progress");
    }

    @Test
    void whatIsHalfWrittenStays() {
        add("x".repeat(MEGABYTE));
        tell(progress("7", 1));
        outgoing.written(MEGABYTE + 1);
        outgoing.written(1);
        add("x".repeat(MEGABYTE));
        tell(progress("7", 2));

        assertThat(taken()).hasSize(3);
    }

    @Test
    void aHundredThousandProgressNotificationsTakeNoRoom() {
        crowd();
        for (int i = 0; i < 100_000; i++) {
            tell(progress("7", i));
        }

        assertThat(total.count()).isLessThan(2 * MEGABYTE);
        assertThat(dropped).hasSize(99_999);
        assertThat(taken()).hasSize(2).last().isEqualTo(progress("7", 99_999));
    }

    @Test
    void thatAListHasChangedIsSaidOnceAndBehindWhatCameBefore() {
        tell("{\"method\":\"notifications/tools/list_changed\"}");
        tell("{\"method\":\"notifications/prompts/list_changed\"}");
        add("answer");
        tell("{\"method\":\"notifications/tools/list_changed\"}");

        assertThat(taken())
                .containsExactly(
                        "{\"method\":\"notifications/prompts/list_changed\"}",
                        "answer",
                        "{\"method\":\"notifications/tools/list_changed\"}");
        assertThat(dropped).isEmpty();
    }

    @Test
    void anUpdateIsSaidOnceForEachResource() {
        tell(updated("a:1"));
        tell(updated("a:2"));
        tell(updated("a:1"));

        assertThat(taken()).containsExactly(updated("a:2"), updated("a:1"));
    }

    @Test
    void logMessagesOfACrowdAreDroppedOldestFirst() {
        String half =
                "{\"method\":\"notifications/message\",\"params\":{\"data\":\"" + "x".repeat(MEGABYTE / 2) + "\"}}";
        tell(half);
        add("answer");
        tell(half.replace("params", "PARAMS"));

        assertThat(taken()).containsExactly("answer", half.replace("params", "PARAMS"));
        assertThat(dropped).containsExactly("message");
    }

    @Test
    void requestsAndWhatIsUnknownStay() {
        crowd();
        String request = "{\"id\":1,\"method\":\"notifications/message\"}";
        for (String line : List.of(request, request, "{\"method\":\"other\"}", "{\"method\":\"other\"}")) {
            tell(line);
        }

        assertThat(taken()).hasSize(5);
    }

    @Test
    void answersBlockTheClientThenLoseItAndAreNeverDropped() {
        for (int i = 0; i < 16; i++) {
            assertThat(outgoing.isBlocked()).as("%d MB", i).isFalse();
            add("x".repeat(MEGABYTE));
        }
        assertThat(outgoing.isBlocked()).isTrue();
        assertThat(outgoing.isLost()).isFalse();
        for (int i = 16; i < 64; i++) {
            add("x".repeat(MEGABYTE));
        }
        assertThat(outgoing.isLost()).isTrue();
        assertThat(dropped).isEmpty();
        for (int i = 0; i < 64; i++) {
            outgoing.written(MEGABYTE + 1);
        }
        assertThat(outgoing.isEmpty()).isTrue();
        assertThat(outgoing.isBlocked()).isFalse();
    }

    @Test
    void aClientIsLostThatTakesNothingForAMinute() {
        assertThat(outgoing.deadline()).isEqualTo(Long.MAX_VALUE);
        now += Duration.ofHours(1).toNanos();
        add("abc");
        long first = outgoing.deadline();
        assertThat(first).isEqualTo(now + Duration.ofSeconds(60).toNanos());

        now = first - 1;
        assertThat(outgoing.isLost()).isFalse();
        outgoing.written(1);
        now = first;
        assertThat(outgoing.isLost()).isFalse();
        now = outgoing.deadline();
        assertThat(outgoing.isLost()).isTrue();
        outgoing.written(3);
        assertThat(outgoing.isLost()).isFalse();
    }

    @Test
    void allClientsTogetherHaveABound() {
        Outgoing other = new Outgoing(() -> now, total, dropped::add);
        add("x".repeat(MEGABYTE));
        other.add(new byte[MEGABYTE]);
        total.add(253L * MEGABYTE);
        assertThat(total.isFull()).isFalse();
        other.add(new byte[MEGABYTE]);
        assertThat(total.isFull()).isTrue();

        outgoing.clear();
        assertThat(total.isFull()).isFalse();
        other.clear();
        assertThat(total.count()).isEqualTo(253L * MEGABYTE);
        assertThat(outgoing.isEmpty()).isTrue();
    }

    private void crowd() {
        add("x".repeat(MEGABYTE));
    }

    private void add(String line) {
        outgoing.add(line.getBytes(StandardCharsets.UTF_8));
    }

    private void tell(String line) {
        outgoing.tell(line.getBytes(StandardCharsets.UTF_8));
    }

    private List<String> taken() {
        List<String> lines = new ArrayList<>();
        for (byte[] line = outgoing.first(); line != null; line = outgoing.first()) {
            lines.add(new String(line, StandardCharsets.UTF_8));
            outgoing.written(line.length + 1 - outgoing.offset());
        }
        return lines;
    }

    private static String progress(String token, int value) {
        return "{\"method\":\"notifications/progress\",\"params\":{\"progressToken\":" + token + ",\"progress\":"
                + value + "}}";
    }

    private static String updated(String uri) {
        return "{\"method\":\"notifications/resources/updated\",\"params\":{\"uri\":\"" + uri + "\"}}";
    }
}
