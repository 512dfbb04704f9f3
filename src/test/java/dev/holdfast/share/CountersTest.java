package dev.holdfast.share;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.FlatObject;
import dev.holdfast.json.FlatObjectWriter;
import dev.holdfast.share.Counters.Direction;
import dev.holdfast.share.Counters.Outcome;
import dev.holdfast.testkit.HandTurnedTicker;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is told of clients and requests: each is counted once, by what became of it. */
class CountersTest {
    private final HandTurnedTicker ticker = new HandTurnedTicker();
    private final Counters counters = new Counters(ticker);

    @BeforeEach
    void attach() {
        counters.attached(new Client(1, "claude", 4711, new Outgoing()), 0);
        counters.attached(new Client(2, "", 0, new Outgoing()), 1000);
    }

    private static FlatObject read(FlatObjectWriter report) {
        return FlatObject.parse(report.end().getBytes(StandardCharsets.UTF_8)).orElseThrow();
    }

    private Map<String, Long> outcomes(String list, String key) {
        return read(counters.totals()).objects(list).stream()
                .collect(Collectors.toMap(
                        each -> each.text(key).orElseThrow() + " "
                                + each.text("outcome").orElse(""),
                        each -> each.number("count", -1),
                        (one, other) -> one,
                        TreeMap::new));
    }

    @Test
    void openAndQueuedAreTheClientsOwn() {
        counters.asked(1, 1, "tools/call", "");
        counters.asked(2, 1, "tools/call", "");
        counters.asked(3, 2, "tools/list", "");
        counters.sent(1);
        counters.sent(3);
        counters.over(3, Outcome.OK);
        counters.over(3, Outcome.ERROR);
        assertThat(counters.open()).isEqualTo(1);
        assertThat(counters.queued()).isEqualTo(1);
        assertThat(counters.clients())
                .extracting(FlatObjectWriter::end)
                .containsExactly(
                        "{\"id\":1,\"pid\":4711,\"name\":\"claude\",\"since\":\"1970-01-01T00:00:00.000Z\","
                                + "\"requests\":2,\"open\":1,\"queued\":1,\"dropped\":0}",
                        "{\"id\":2,\"pid\":0,\"name\":\"\",\"since\":\"1970-01-01T00:00:01.000Z\","
                                + "\"requests\":1,\"open\":0,\"queued\":0,\"dropped\":0}");
        assertThat(outcomes("requests", "method")).isEqualTo(Map.of("tools/list ok", 1L));
    }

    @Test
    void eachRequestIsCountedOnceByWhatBecameOfIt() {
        Outcome[] all = Outcome.values();
        for (int i = 0; i < all.length; i++) {
            counters.asked(i, 1, i < 2 ? "tools/call" : "secret/" + i, "");
            counters.over(i, all[i]);
        }
        counters.answeredByHost(2, "initialize", Outcome.OK);
        counters.over(99, Outcome.OK);
        counters.detached(2);
        counters.answeredByHost(2, "ping", Outcome.REFUSED);
        assertThat(outcomes("requests", "method"))
                .isEqualTo(Map.of(
                        "tools/call ok", 1L,
                        "tools/call error", 1L,
                        "other cancelled", 1L,
                        "other lost", 1L,
                        "other refused", 1L,
                        "initialize ok", 1L,
                        "ping refused", 1L));
        assertThat(counters.clients()).hasSize(1);
        assertThat(counters.totals().end()).doesNotContain("secret");
    }

    @Test
    void toolsBeyondTheMostAreOne() {
        for (int i = 0; i < 300; i++) {
            counters.asked(i, 1, "tools/call", "tool" + i % 250);
            counters.over(i, Outcome.OK);
        }
        Map<String, Long> tools = outcomes("tools", "tool");
        assertThat(tools).hasSize(201).containsEntry("other ok", 50L).containsEntry("tool0 ok", 2L);
        assertThat(tools.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(300);
    }

    @Test
    void timesAreThoseOfWaitingAndOfTheServer() {
        counters.asked(1, 1, "ping", "");
        ticker.turnTo(3);
        counters.sent(1);
        counters.sent(1);
        ticker.turnTo(73);
        counters.over(1, Outcome.OK);
        counters.asked(2, 1, "ping", "");
        counters.over(2, Outcome.CANCELLED);
        String totals = counters.totals().end();
        assertThat(totals)
                .contains("\"counts\":[0,0,0,0,1,0,0,0,0,0,0,0,0],\"sumMicros\":70000}")
                .contains("\"counts\":[0,1,0,0,0,0,0,0,0,0,0,0,0],\"sumMicros\":3000}");
    }

    @Test
    void whatIsLostIsItsClientsAndBytesAreCounted() {
        counters.dropped(1, "message", 3);
        counters.dropped(0, "foreign", 1);
        counters.dropped(9, "message", 1);
        counters.moved(Direction.TO_CLIENTS, 100);
        counters.moved(Direction.TO_CLIENTS, 11);
        assertThat(counters.clients().get(0).end()).contains("\"dropped\":3");
        FlatObject totals = read(counters.totals());
        assertThat(totals.object("bytes").orElseThrow().number("toClients", 0)).isEqualTo(111);
        assertThat(totals.object("bytes").orElseThrow().number("fromServer", -1))
                .isZero();
        assertThat(List.of(
                        totals.objects("dropped").get(0).text("what").orElseThrow(),
                        totals.objects("dropped").get(1).text("what").orElseThrow()))
                .containsExactly("foreign", "message");
        assertThat(totals.objects("dropped").get(1).number("count", 0)).isEqualTo(4);
    }
}
