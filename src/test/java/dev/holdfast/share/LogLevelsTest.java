package dev.holdfast.share;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The server logs from the least level on that a client wants; each client gets what it wants itself. */
class LogLevelsTest {
    private static final String OK = "'result':{}";

    private final AskedServer asked = new AskedServer();
    private final LogLevels levels = new LogLevels(asked, asked);

    @Test
    void theServerIsToldTheLeastLevelAndOnlyChanges() {
        set(1, "debug");
        asked.answers("'result':{'x':1}");
        set(2, "error");
        set(1, "warning");
        asked.answers(OK);
        set(1, "warning");

        assertThat(asked.events())
                .containsExactly(
                        "server logging/setLevel {'level':'debug'}",
                        "1 {'jsonrpc':'2.0','id':1,'result':{'x':1}}".replace("'jsonrpc':'2.0',", ""),
                        "2 {'id':2,'result':{}}",
                        "server logging/setLevel {'level':'warning'}",
                        "1 {'id':1,'result':{}}",
                        "1 {'id':1,'result':{}}");
    }

    @Test
    void eachGetsItsOwnLevel() {
        set(1, "debug");
        asked.answers(OK);
        set(2, "error");

        assertThat(audience("debug")).isEqualTo("[1]");
        assertThat(audience("warning")).isEqualTo("[1]");
        assertThat(audience("error")).isEqualTo("[1, 2]");
        assertThat(audience("emergency")).isEqualTo("[1, 2]");
        assertThat(audience("other")).isEqualTo("[]");
    }

    @Test
    void whoLeavesTakesItsLevelAlong() {
        set(1, "debug");
        asked.answers(OK);
        set(2, "error");
        asked.events();
        levels.forget(1, true);

        assertThat(asked.events()).containsExactly("server logging/setLevel {'level':'error'}");
        asked.answers(OK);
        assertThat(audience("error")).isEqualTo("[2]");
        levels.forget(2, true);
        assertThat(asked.events()).isEmpty();
    }

    @Test
    void aRefusalIsTheClientsOwnAndChangesNothing() {
        set(1, "debug");
        asked.answers("'error':{'code':-32601}");

        assertThat(asked.events()).last().isEqualTo("1 {'id':1,'error':{'code':-32601}}");
        assertThat(audience("emergency")).isEqualTo("[]");
    }

    @Test
    void whoComesMeanwhileWaitsItsTurn() {
        set(1, "error");
        set(2, "debug");
        set(3, "info");
        assertThat(asked.events()).hasSize(1);
        asked.answers(OK);
        assertThat(asked.events())
                .containsExactly("1 {'id':1,'result':{}}", "server logging/setLevel {'level':'debug'}");
        asked.answers(OK);

        assertThat(asked.events()).containsExactly("2 {'id':2,'result':{}}", "3 {'id':3,'result':{}}");
    }

    @Test
    void whoLeavesBeforeTheAnswerHasNoLevel() {
        set(2, "error");
        asked.answers(OK);
        set(1, "debug");
        levels.forget(1, true);
        asked.events();
        asked.answers(OK);

        assertThat(asked.events()).containsExactly("server logging/setLevel {'level':'error'}");
        assertThat(audience("debug")).isEqualTo("[]");
    }

    @Test
    void theNextServerIsToldAgain() {
        set(1, "info");
        asked.answers(OK);
        set(2, "debug");
        set(3, "error");
        asked.events();
        levels.serverEnded();
        asked.isGone();
        assertThat(asked.events())
                .hasSize(2)
                .allMatch(each -> each.contains("'code':-32000"))
                .first()
                .asString()
                .startsWith("2 {'id':2,");

        levels.agreed();
        assertThat(asked.events()).containsExactly("server logging/setLevel {'level':'info'}");
    }

    @Test
    void aServerThatRefusesAfterARestartIsNotAskedAgainAndAgain() {
        set(1, "info");
        asked.answers(OK);
        levels.serverEnded();
        levels.agreed();
        asked.events();
        asked.answers("'error':{'code':-32601}");

        assertThat(asked.events()).isEmpty();
    }

    @Test
    void aLevelThatIsNoneIsRefused() {
        set(1, "loud");

        assertThat(asked.events()).singleElement().asString().contains("'code':-32602");
    }

    private void set(int client, String level) {
        levels.set(client, AskedServer.id(client), AskedServer.message("{'params':{'level':'" + level + "'}}"));
    }

    private String audience(String level) {
        return levels.audience(AskedServer.message("{'params':{'level':'" + level + "'}}"))
                .toString();
    }
}
