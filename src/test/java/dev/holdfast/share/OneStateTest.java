package dev.holdfast.share;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sections 5.5 and 5.6, rows 6 to 8: what the server has but once, and to whom it tells what is nobody's in particular. */
class OneStateTest {
    private static final String UPDATED = "{'method':'notifications/resources/updated','params':{'uri':'%s'}}";
    private static final String LOG = "{'method':'notifications/message','params':{'level':'%s','data':'planted'}}";

    private final SharedServer server = new SharedServer();
    private final Client a = server.first();
    private final Client b = server.next();
    private final Client c = server.next();

    private void ask(Client client, String id, String method, String param) {
        server.say(client, "{'id':" + id + ",'method':'" + method + "','params':{" + param + "}}");
    }

    /** The server grants the one thing that it is asked for. */
    private String granted() {
        List<String> asked = server.toServer();
        assertThat(asked).hasSize(1);
        server.server("{'id':" + SharedServer.wireId(asked.get(0)) + ",'result':{}}");
        return asked.get(0);
    }

    private void hears(String line, Client... those) {
        server.server(line);
        for (Client each : List.of(a, b, c)) {
            assertThat(server.heard(each))
                    .as("client %d", each.number())
                    .isEqualTo(List.of(those).contains(each) ? List.of(line) : List.of());
        }
    }

    @Test
    void row6OnlyWhoSubscribesIsTold() {
        ask(a, "'s'", "resources/subscribe", "'uri':'x:1'");
        assertThat(granted()).contains("'method':'resources/subscribe','params':{'uri':'x:1'}");
        assertThat(server.heard(a)).containsExactly("{'jsonrpc':'2.0','id':'s','result':{}}");
        ask(b, "1", "resources/subscribe", "'uri':'x:1'");
        assertThat(server.toServer()).isEmpty();
        assertThat(server.heard(b)).singleElement().asString().contains("'id':1,'result':{}");
        hears(UPDATED.formatted("x:1"), a, b);
        hears(UPDATED.formatted("x:1/sub"), a, b);
        ask(b, "2", "resources/unsubscribe", "'uri':'x:1'");
        assertThat(server.toServer()).isEmpty();
        assertThat(server.heard(b)).hasSize(1);
        hears(UPDATED.formatted("x:1"), a);
        hears(UPDATED.formatted("x:12"));
        server.shared.detach(a);
        assertThat(granted()).contains("'method':'resources/unsubscribe','params':{'uri':'x:1'}");
        hears(UPDATED.formatted("x:1"));
    }

    @Test
    void row7ARefusalIsEverybodysWhoWaits() {
        ask(a, "1", "resources/subscribe", "'uri':'x:1'");
        String asked = server.toServer().get(0);
        ask(b, "'b'", "resources/subscribe", "'uri':'x:1'");
        assertThat(server.toServer()).isEmpty();
        server.server("{'id':" + SharedServer.wireId(asked) + ",'error':{'code':-32002,'message':'m'}}");
        assertThat(server.heard(a)).containsExactly("{'id':1,'error':{'code':-32002,'message':'m'}}");
        assertThat(server.heard(b)).containsExactly("{'id':'b','error':{'code':-32002,'message':'m'}}");
        hears(UPDATED.formatted("x:1"));
        assertThat(server.toServer()).isEmpty();
    }

    @Test
    void row8EachGetsItsOwnLevel() {
        ask(a, "1", "logging/setLevel", "'level':'debug'");
        assertThat(granted()).contains("'params':{'level':'debug'}");
        ask(b, "1", "logging/setLevel", "'level':'error'");
        assertThat(server.toServer()).isEmpty();
        assertThat(server.heard(a)).hasSize(1);
        assertThat(server.heard(b)).hasSize(1);
        hears(LOG.formatted("debug"), a);
        hears(LOG.formatted("alert"), a, b);
        server.shared.detach(a);
        assertThat(granted()).contains("'params':{'level':'error'}");
        hears(LOG.formatted("debug"));
    }

    @Test
    void row16TheNextServerIsToldWhatTheOneBeforeWas() {
        ask(a, "1", "resources/subscribe", "'uri':'x:1'");
        granted();
        ask(b, "1", "logging/setLevel", "'level':'info'");
        granted();
        ask(c, "'lost'", "logging/setLevel", "'level':'debug'");
        server.toServer();
        server.heard(a);
        server.heard(b);
        server.shared.serverEnded();
        assertThat(server.heard(c)).singleElement().asString().contains("'id':'lost','error':{'code':-32000,");
        ask(c, "'later'", "resources/subscribe", "'uri':'x:1'");
        server.shared.serverStarted();
        server.server(SharedServer.AGREED.formatted(
                SharedServer.wireId(server.toServer().get(0))));
        assertThat(server.heard(a)).hasSize(1);
        assertThat(server.heard(b)).hasSize(1);
        List<String> told = server.toServer();
        assertThat(told).hasSize(3);
        assertThat(told.get(0)).contains("notifications/initialized");
        assertThat(told.get(1)).contains("'params':{'level':'info'}");
        assertThat(told.get(2)).contains("'params':{'uri':'x:1'}");
        server.server("{'id':" + SharedServer.wireId(told.get(2)) + ",'result':{}}");
        assertThat(server.heard(c))
                .hasSize(2)
                .anyMatch(line -> line.startsWith("{'id':'later','result'")
                        || line.equals("{'jsonrpc':'2.0','id':'later','result':{}}"));
        hears(UPDATED.formatted("x:1"), a, c);
        assertThat(server.toServer()).isEmpty();
    }

    @Test
    void aRequestThatIsGivenUpIsNotCancelledUnderANumberThatTheServerNeverSaw() {
        ask(a, "1", "resources/subscribe", "'uri':'x:1'");
        String asked = server.toServer().get(0);
        server.say(a, "{'method':'notifications/cancelled','params':{'requestId':1}}");
        assertThat(server.toServer()).isEmpty();
        server.server("{'id':" + SharedServer.wireId(asked) + ",'result':{}}");
        assertThat(server.heard(a)).isEmpty();
        ask(b, "1", "resources/subscribe", "'uri':'x:2'");
        asked = server.toServer().get(0);
        server.shared.detach(b);
        server.server("{'id':" + SharedServer.wireId(asked) + ",'result':{}}");
        assertThat(server.toServer()).singleElement().asString().contains("resources/unsubscribe", "x:2");
    }

    @Test
    void listsThatAreAskedForAtTheSameTimeAreAskedForOnce() {
        ask(a, "1", "tools/list", "'cursor':'p'");
        String asked = server.toServer().get(0);
        ask(b, "'b'", "tools/list", "'cursor':'p'");
        assertThat(server.toServer()).isEmpty();
        ask(c, "1", "tools/list", "'cursor':'q'");
        assertThat(server.toServer()).hasSize(1);
        server.say(a, "{'method':'notifications/cancelled','params':{'requestId':1}}");
        assertThat(server.toServer()).isEmpty();
        server.server("{'id':" + SharedServer.wireId(asked) + ",'result':{'tools':[1.50]}}");
        assertThat(server.heard(a)).isEmpty();
        assertThat(server.heard(b)).containsExactly("{'id':'b','result':{'tools':[1.50]}}");
        assertThat(server.heard(c)).isEmpty();
        ask(a, "2", "tools/list", "'cursor':'p'");
        assertThat(server.toServer()).hasSize(1);
        ask(b, "2", "tools/list", "'cursor':'p'"); // under a number behind that of the host's own
        assertThat(server.toServer()).isEmpty();
        server.shared.serverEnded();
        assertThat(server.heard(b)).hasSize(1);
        assertThat(server.heard(a))
                .singleElement()
                .asString()
                .contains("'id':2,'error':{'code':-32000,", "server-ended");
        assertThat(server.heard(c))
                .singleElement()
                .asString()
                .contains("'id':1,'error':{'code':-32000,", "server-ended");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'method':'notifications/tools/list_changed'} | true",
                "{'method':'notifications/prompts/list_changed'} | true",
                "{'method':'notifications/resources/list_changed'} | true",
                "{'method':'notifications/unknown','params':{'x':1}} | true",
                "{'method':'notifications/unknown','params':{'taskId':'t'}} | false",
                "{'method':'notifications/message','params':{'level':'emergency'}} | false",
                "{'method':'notifications/resources/updated','params':{'uri':'u'}} | false",
                "{'method':'notifications/tasks/status','params':{'taskId':'t'}} | false",
                "{'method':'notifications/cancelled','params':{'requestId':1}} | false",
                "{'method':'notifications/progress','params':{'progressToken':1}} | false",
            })
    void section55WhoIsInitializedGetsWhatIsForAllAndNobodyElseDoes(String line, boolean isForAll) {
        Client silent = server.attach();
        Client[] all = isForAll ? new Client[] {a, b, c} : new Client[0];
        hears(line, all);
        assertThat(server.heard(silent)).isEmpty();
    }
}
