package dev.holdfast.share;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sections 3.6, 7.1 and 7.2, rows 4 and 5: clients go, and the host does. */
class EndsTest {
    private static final String CALL = "{'id':%s,'method':'tools/call','params':{'name':'n'}}";

    private final SharedServer server = new SharedServer();
    private final Client a = server.first();
    private final Client b = server.next();

    @Test
    void row4OnlyOwnRequestsAreCancelledAndUnsentOnesNeverSent() {
        server.say(a, CALL.formatted(1));
        server.say(b, CALL.formatted(1));
        String sent = server.toServer().get(0);
        server.say(a, CALL.formatted(2));
        server.say(a, "{'method':'notifications/cancelled','params':{'requestId':2}}");
        assertThat(server.toServer()).isEmpty();
        server.say(a, "{'method':'notifications/cancelled','params':{'requestId':1}}");
        assertThat(server.toServer())
                .containsExactly("{'method':'notifications/cancelled','params':{'requestId':"
                        + SharedServer.wireId(sent) + "}}");
        server.say(a, "{'method':'notifications/cancelled','params':{'requestId':1}}");
        assertThat(server.toServer()).isEmpty();
    }

    @Test
    void row5AGoneClientsRequestsAreCancelledAndItsNeighbourSeesNothing() {
        server.say(a, CALL.formatted(1));
        server.say(b, CALL.formatted(1));
        List<String> sent = server.toServer();
        server.say(a, CALL.formatted(2));
        server.shared.detach(a);
        server.shared.detach(a);
        assertThat(server.shared.clients()).isEqualTo(1);
        assertThat(server.toServer())
                .singleElement()
                .asString()
                .contains("cancelled", "'requestId':" + SharedServer.wireId(sent.get(0)), "client detached");
        server.server("{'id':" + SharedServer.wireId(sent.get(0)) + ",'result':{}}");
        server.server("{'id':" + SharedServer.wireId(sent.get(1)) + ",'result':{}}");
        assertThat(server.heard(a)).isEmpty();
        assertThat(server.heard(b)).containsExactly("{'id':1,'result':{}}");
        assertThat(server.shared.report().end()).contains("\"open\":0,\"queued\":0");
    }

    @Test
    void aServerThatEndsInsteadOfAnsweringWasNotStopped() {
        SharedServer fresh = new SharedServer();
        fresh.shared.serverStarted();
        Client client = fresh.attach();
        fresh.initialize(client);
        fresh.toServer();
        fresh.shared.serverEnded();
        fresh.shared.over(Bye.ENDED);
        assertThat(fresh.heard(client))
                .singleElement()
                .asString()
                .contains("'id':0", "the shared server has ended", "'reason':'server-ended'");
    }

    @Test
    void row29ATaskThatWasSentGoesOnAndAnotherIsNeverSent() {
        String task = "{'id':%s,'method':'tools/call','params':{'name':'n','task':{}}}";
        server.say(a, task.formatted(1));
        assertThat(server.toServer()).hasSize(1);
        server.say(a, task.formatted(2));
        server.shared.detach(a);
        assertThat(server.toServer()).isEmpty();
        assertThat(server.shared.report().end())
                .contains("\"open\":0,\"queued\":0")
                .contains("{\"method\":\"tools/call\",\"outcome\":\"cancelled\",\"count\":2}");
    }

    @Test
    void whoSendsNothingMoreGetsItsAnswersAndGoes() {
        server.say(a, CALL.formatted(1));
        String sent = server.toServer().get(0);
        server.shared.inputEnded(a);
        server.shared.inputEnded(b);
        assertThat(server.events).contains("bye " + b.number() + " done");
        assertThat(server.shared.takesFrom(a)).isFalse();
        server.server("{'id':" + SharedServer.wireId(sent) + ",'result':{}}");
        assertThat(server.heard(a)).containsExactly("{'id':1,'result':{}}");
        assertThat(server.events).contains("bye " + a.number() + " done");
        assertThat(server.toServer()).isEmpty();
        assertThat(server.shared.clients()).isZero();
        assertThat(server.shared.deadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whoSendsNothingMoreDoesNotGetItsAnswersForEver() {
        server.say(a, CALL.formatted(1));
        server.toServer();
        server.shared.inputEnded(a);
        server.pass(Duration.ofMillis(9999));
        assertThat(server.events).doesNotContain("bye " + a.number() + " done");
        server.pass(Duration.ofMillis(1));
        assertThat(server.events).contains("bye " + a.number() + " done");
        assertThat(server.toServer()).singleElement().asString().contains("client detached");
    }

    @Test
    void aStopLetsWhatWasSentBeAnswered() {
        server.say(a, CALL.formatted(1));
        String sent = server.toServer().get(0);
        server.say(a, CALL.formatted(2));
        server.shared.stopping();
        server.say(b, CALL.formatted(3));
        Client late = server.attach();
        server.initialize(late);
        assertThat(server.heard(late)).singleElement().asString().contains("'reason':'server-stopping'");
        assertThat(server.heard(b)).singleElement().asString().contains("'reason':'server-stopping'");
        assertThat(server.heard(a)).singleElement().asString().contains("'id':2", "'reason':'server-stopping'");
        server.server("{'id':5,'method':'ping'}"); // its input is closed
        assertThat(server.toServer()).isEmpty();
        server.server("{'id':" + SharedServer.wireId(sent) + ",'result':{}}");
        assertThat(server.heard(a)).containsExactly("{'id':1,'result':{}}");
    }

    @ParameterizedTest
    @CsvSource({"STOPPED,stopping", "TAKEOVER,stopping", "ENDED,ended"})
    void whenAllIsOverWhatIsOpenIsAnsweredAndAllAreLetGo(Bye why, String reason) {
        server.say(a, CALL.formatted(1));
        server.toServer();
        server.shared.stopping();
        server.shared.over(why);
        assertThat(server.heard(a))
                .singleElement()
                .asString()
                .contains("'id':1,'error':{'code':-32000,", "'reason':'server-" + reason + "'");
        assertThat(server.events)
                .contains("bye " + a.number() + " " + why.word(), "bye " + b.number() + " " + why.word());
        assertThat(server.shared.clients()).isZero();
        assertThat(server.shared.takesFrom(a)).isFalse();
        server.say(a, CALL.formatted(2));
        assertThat(server.toServer()).isEmpty();
        assertThat(server.heard(a)).isEmpty();
    }

    @Test
    void aLineThatIsTooLongIsAnsweredAndNothingElseHappens() {
        server.shared.tooLong(a);
        assertThat(server.heard(a)).singleElement().asString().contains("'id':null,'error':{'code':-32600,", "8000000");
        server.say(a, CALL.formatted(1));
        assertThat(server.toServer()).hasSize(1);
    }

    @Test
    void whoSendsOnlyNonsenseIsLetGo() {
        for (int i = 0; i < 10; i++) {
            server.say(a, "nonsense");
        }
        assertThat(server.events).contains("bye " + a.number() + " protocol");
        assertThat(server.shared.takesFrom(a)).isFalse();
    }

    @Test
    void row20WhoNeverReadsIsLetGoAndItsNeighbourGoesOn() {
        String text = "x".repeat(4 << 20);
        int answers = 0;
        for (boolean isThere = true; isThere; answers++) {
            server.say(a, CALL.formatted(answers));
            server.say(b, CALL.formatted(answers));
            for (String sent : server.toServer()) {
                server.server("{'id':" + SharedServer.wireId(sent) + ",'result':'" + text + "'}");
            }
            assertThat(server.heard(b)).hasSize(1);
            isThere = !server.events.contains("bye " + a.number() + " slow");
            assertThat(server.shared.takesFrom(a)).isEqualTo(answers < 3);
        }
        assertThat(answers).isEqualTo(16);
        assertThat(server.shared.takesFrom(b)).isTrue();
    }

    @Test
    void row20WhoTakesNothingForAMinuteIsLetGo() {
        server.say(a, "{'id':1,'method':'initialize'}");
        server.pass(Duration.ofMillis(59_999));
        assertThat(server.events).noneMatch(event -> event.startsWith("bye"));
        server.pass(Duration.ofMillis(1));
        assertThat(server.events).contains("bye " + a.number() + " slow");
    }
}
