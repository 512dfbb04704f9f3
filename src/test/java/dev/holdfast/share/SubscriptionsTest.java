package dev.holdfast.share;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The server has one subscriber; how many there are behind it is not its business, and each is told of its own. */
class SubscriptionsTest {
    private static final String OK = "'result':{}";
    private static final String REFUSED = "'error':{'code':-32002}";

    private final AskedServer asked = new AskedServer();
    private final Subscriptions subscriptions = new Subscriptions(asked, asked);

    @Test
    void theServerIsAskedForTheFirstAndToldOfTheLast() {
        subscribe(1, "a:1");
        asked.answers("'result':{'x':1}");
        subscribe(2, "a:1");
        unsubscribe(2, "a:1");
        assertThat(audience("a:1")).isEqualTo("[1]");
        unsubscribe(1, "a:1");

        assertThat(asked.events())
                .containsExactly(
                        "server resources/subscribe {'uri':'a:1'}",
                        "1 {'id':1,'result':{}}",
                        "2 {'id':2,'result':{}}",
                        "2 {'id':2,'result':{}}",
                        "1 {'id':1,'result':{}}",
                        "server resources/unsubscribe {'uri':'a:1'}");
        assertThat(audience("a:1")).isEqualTo("[]");
        asked.answers(OK);
        assertThat(subscriptions.size()).isZero();
    }

    @Test
    void whoComesMeanwhileGetsTheSameRefusal() {
        subscribe(1, "a:1");
        subscribe(2, "a:1");
        unsubscribe(3, "a:1");
        assertThat(asked.events()).hasSize(1);
        asked.answers(REFUSED);

        assertThat(asked.events())
                .containsExactly("1 {'id':1," + REFUSED + "}", "2 {'id':2," + REFUSED + "}", "3 {'id':3,'result':{}}");
        assertThat(audience("a:1")).isEqualTo("[]");
        assertThat(subscriptions.size()).isZero();
    }

    @Test
    void nothingIsToldBeforeTheServerHasAccepted() {
        subscribe(1, "a:1");
        assertThat(audience("a:1")).isEqualTo("[]");
        asked.answers(OK);
        assertThat(audience("a:1")).isEqualTo("[1]");
    }

    @Test
    void whoLeavesBeforeTheAnswerIsNotRecordedAndTheServerIsTold() {
        subscribe(1, "a:1");
        subscriptions.forget(1, true);
        asked.events();
        asked.answers(OK);

        assertThat(asked.events()).containsExactly("server resources/unsubscribe {'uri':'a:1'}");
        asked.answers(OK);
        assertThat(subscriptions.size()).isZero();
    }

    @Test
    void whoComesWhileTheLastOneLeavesIsAskedForAfterwards() {
        subscribe(1, "a:1");
        asked.answers(OK);
        unsubscribe(1, "a:1");
        subscribe(2, "a:1");
        asked.events();
        asked.answers(OK);
        assertThat(asked.events()).containsExactly("server resources/subscribe {'uri':'a:1'}");
        asked.answers(OK);

        assertThat(asked.events()).containsExactly("2 {'id':2,'result':{}}");
        assertThat(audience("a:1")).isEqualTo("[2]");
    }

    @Test
    void aClientsOwnOrderCountsWhileTheServerIsAsked() {
        subscribe(1, "a:1");
        unsubscribe(1, "a:1");
        subscribe(2, "a:1");
        asked.answers(OK);

        assertThat(audience("a:1")).isEqualTo("[2]");
        assertThat(asked.events()).hasSize(4).last().isEqualTo("2 {'id':2,'result':{}}");
    }

    @Test
    void aClientThatIsGoneUnsubscribes() {
        subscribe(1, "a:1");
        subscribe(2, "a:1");
        asked.answers(OK);
        asked.events();
        subscriptions.forget(1, true);
        assertThat(asked.events()).isEmpty();
        subscriptions.forget(2, true);

        assertThat(asked.events()).containsExactly("server resources/unsubscribe {'uri':'a:1'}");
    }

    @Test
    void theNextServerIsAskedForAllThatWasGranted() {
        subscribe(1, "a:1");
        asked.answers(OK);
        subscribe(2, "a:1");
        subscribe(1, "a:2");
        asked.events();
        ended();
        assertThat(asked.events()).singleElement().asString().startsWith("1 {'id':1,'error':{'code':-32000,");
        assertThat(subscriptions.size()).isEqualTo(1);

        subscriptions.agreed();
        ended();
        subscriptions.agreed();
        asked.answers(OK);
        assertThat(asked.events())
                .containsExactly(
                        "server resources/subscribe {'uri':'a:1'}", "server resources/subscribe {'uri':'a:1'}");
        assertThat(audience("a:1")).isEqualTo("[1, 2]");
    }

    @Test
    void whoIsGoneBeforeTheNextServerIsNotSubscribedAgain() {
        subscribe(1, "a:1");
        asked.answers(OK);
        ended();
        subscriptions.forget(1, false);
        asked.events();
        subscriptions.agreed();

        assertThat(asked.events()).isEmpty();
        assertThat(subscriptions.size()).isZero();
    }

    @Test
    void whatTheNextServerRefusesNobodyIsToldOf() {
        subscribe(1, "a:1");
        asked.answers(OK);
        ended();
        subscriptions.agreed();
        asked.answers(REFUSED);

        assertThat(audience("a:1")).isEqualTo("[]");
        assertThat(subscriptions.size()).isZero();
    }

    @Test
    void aSubResourceReachesWhoHasSubscribedToTheWhole() {
        String[][] table = {
            {"f:///a", "f:///a/b", "[1]"},
            {"f:///a/", "f:///a/b", "[1]"},
            {"f:///a", "f:///a?q", "[1]"},
            {"f:///a", "f:///a#x", "[1]"},
            {"f:///a", "f:///ab", "[]"},
            {"f:///a/b", "f:///a", "[]"},
            {"f:///\\u0061", "f:///a", "[1]"},
        };
        for (String[] row : table) {
            Subscriptions own = new Subscriptions(asked, asked);
            byte[] line = AskedServer.bytes("{'params':{'uri':'" + row[0] + "'}}");
            own.subscribe(1, AskedServer.id(1), line, AskedServer.message("{'params':{'uri':'" + row[0] + "'}}"));
            asked.answers(OK);
            assertThat(own.audience(AskedServer.message("{'params':{'uri':'" + row[1] + "'}}"))
                            .toString())
                    .as("%s of %s", row[1], row[0])
                    .isEqualTo(row[2]);
        }
    }

    @Test
    void whoHasSubscribedToThisVeryOneIsPreferred() {
        subscribe(1, "f:///a");
        asked.answers(OK);
        subscribe(2, "f:///a/b");
        asked.answers(OK);

        assertThat(audience("f:///a/b")).isEqualTo("[2]");
        assertThat(audience("f:///a/c")).isEqualTo("[1]");
    }

    @Test
    void whatNamesNoResourceIsRefused() {
        byte[] line = AskedServer.bytes("{'params':{'uri':7}}");
        subscriptions.subscribe(1, AskedServer.id(1), line, AskedServer.message("{'params':{'uri':7}}"));
        subscriptions.unsubscribe(1, AskedServer.id(2), line, AskedServer.message("{'params':{'uri':7}}"));

        assertThat(asked.events()).hasSize(2).allMatch(each -> each.contains("'code':-32602"));
    }

    @Test
    void aClientSubscribesToSoMany() {
        for (int i = 0; i <= 1000; i++) {
            subscribe(1, "a:" + i);
        }
        subscribe(2, "a:1000");

        assertThat(asked.events().get(1000)).startsWith("1 {'id':1,'error':{'code':-32000,");
        assertThat(subscriptions.size()).isEqualTo(1001);
    }

    private void ended() {
        subscriptions.serverEnded();
        asked.isGone();
    }

    private void subscribe(int client, String uri) {
        String line = "{'params':{'uri':'" + uri + "'}}";
        subscriptions.subscribe(client, AskedServer.id(client), AskedServer.bytes(line), AskedServer.message(line));
    }

    private void unsubscribe(int client, String uri) {
        String line = "{'params':{'uri':'" + uri + "'}}";
        subscriptions.unsubscribe(client, AskedServer.id(client), AskedServer.bytes(line), AskedServer.message(line));
    }

    private String audience(String uri) {
        return subscriptions
                .audience(AskedServer.message("{'params':{'uri':'" + uri + "'}}"))
                .toString();
    }
}
