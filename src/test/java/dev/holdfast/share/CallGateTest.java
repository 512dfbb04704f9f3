package dev.holdfast.share;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.settings.ShareEra;
import dev.holdfast.settings.ShareRequests;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Row 28: of tool calls only so many run at once. What is no call does not wait for them, and one that was given up keeps its place. */
class CallGateTest {
    private final SharedServer server = new SharedServer(SharedServer.contract(ShareEra.AUTO, ShareRequests.NONE), 1);
    private final Client first = server.first();
    private final Client second = server.next();

    @Test
    void oneCallRunsAndTheNextOneFollowsItsAnswer() {
        call(first, 1);
        call(first, 2);
        call(second, 1);
        List<String> sent = server.toServer();
        assertThat(sent).hasSize(1);
        answer(sent.get(0));
        List<String> next = server.toServer();

        assertThat(next).singleElement().asString().as("clients take turns").contains("'c2-1'");
        answer(next.get(0));
        assertThat(server.toServer()).singleElement().asString().contains("'c1-2'");
        assertThat(server.heard(first)).hasSize(1);
        assertThat(server.heard(second)).hasSize(1);
    }

    @Test
    void whatIsNoCallPassesByAndACallThatWaitsIsCancelledUnsent() {
        call(first, 1);
        call(first, 2);
        server.toServer();
        server.say(first, "{'jsonrpc':'2.0','id':3,'method':'ping'}");
        cancel(first, 2);
        List<String> sent = server.toServer();
        assertThat(sent).singleElement().asString().contains("ping");

        server.say(first, "{'jsonrpc':'2.0','id':4,'method':'tools/list'}");
        assertThat(server.toServer()).singleElement().asString().contains("tools/list");
    }

    @Test
    void aRunningCallThatIsCancelledKeepsItsPlaceUntilItsAnswer() {
        call(first, 1);
        String running = server.toServer().get(0);
        call(second, 1);
        cancel(first, 1);
        assertThat(server.toServer()).singleElement().asString().contains("notifications/cancelled");
        answer(running);

        assertThat(server.toServer()).singleElement().asString().contains("'c2-1'");
        assertThat(server.heard(first)).isEmpty();
    }

    @Test
    void aRunningCallThatIsCancelledKeepsItsPlaceForTheGraceAtTheMost() {
        call(first, 1);
        call(second, 1);
        server.toServer();
        cancel(first, 1);
        server.toServer();
        server.pass(Duration.ofMillis(9_999));
        assertThat(server.toServer()).isEmpty();
        server.pass(Duration.ofMillis(1));

        assertThat(server.toServer()).singleElement().asString().contains("'c2-1'");
    }

    @Test
    void aCallThatIsToBecomeATaskOfAClientThatIsGoneKeepsItsPlaceForTheGraceAtTheMost() {
        server.say(first, "{'jsonrpc':'2.0','id':1,'method':'tools/call','params':{'name':'n','task':{}}}");
        call(second, 1);
        server.toServer();
        server.shared.detach(first);
        server.pass(Duration.ofMillis(9_999));
        assertThat(server.toServer()).isEmpty();
        server.pass(Duration.ofMillis(1));

        assertThat(server.toServer()).singleElement().asString().contains("'c2-1'");
    }

    @Test
    void whatAClientThatIsGoneStillWantedIsNotSent() {
        call(second, 1);
        call(first, 1);
        call(first, 2);
        String running = server.toServer().get(0);
        server.shared.detach(first);
        answer(running);

        assertThat(server.toServer()).isEmpty();
    }

    @Test
    void aServerThatHasEndedRunsNothing() {
        call(first, 1);
        call(second, 1);
        server.toServer();
        server.shared.serverEnded();
        assertThat(server.heard(first)).singleElement().asString().contains("server-ended");
        server.shared.serverStarted();
        server.server(SharedServer.AGREED.formatted(
                SharedServer.wireId(server.toServer().get(0))));

        assertThat(server.toServer()).last().asString().contains("'c2-1'");
    }

    @Test
    void aClientIsReadWhileItsCallsWaitWithinBounds() {
        for (int i = 0; i < 1000; i++) {
            assertThat(server.shared.takesFrom(first)).as("call %d", i).isTrue();
            call(first, i);
        }
        assertThat(server.shared.takesFrom(first)).isFalse();
        assertThat(server.shared.takesFrom(second)).isTrue();
    }

    private void call(Client client, int id) {
        server.say(
                client,
                "{'jsonrpc':'2.0','id':" + id + ",'method':'tools/call','params':{'name':'c" + client.number() + "-"
                        + id + "'}}");
    }

    private void cancel(Client client, int id) {
        server.say(client, "{'jsonrpc':'2.0','method':'notifications/cancelled','params':{'requestId':" + id + "}}");
    }

    private void answer(String request) {
        server.server("{'jsonrpc':'2.0','id':" + SharedServer.wireId(request) + ",'result':{}}");
    }
}
