package dev.holdfast.share;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Section 7.3, rows 16 and 17: the server ends, and another one comes in its place. */
class GenerationTest {
    private static final String CALL = "{'id':%s,'method':'tools/call','params':{'name':'n'}}";
    private static final String CHANGED = "{'jsonrpc':'2.0','method':'notifications/tools/list_changed'}";

    private final SharedServer server = new SharedServer();
    private final Client a = server.first();

    /** The next server has started, and is asked. */
    private long restarted() {
        server.shared.serverStarted();
        List<String> asked = server.toServer();
        assertThat(asked).hasSize(1);
        assertThat(asked.get(0))
                .contains("'method':'initialize','params':{'protocolVersion':'2025-06-18','capabilities':{},"
                        + "'clientInfo':{'name':'holdfast','version':'1.0.0','title':'c'}}}");
        return SharedServer.wireId(asked.get(0));
    }

    @Test
    void row16WhatWasSentIsLostAndWhatWasNotGoesToTheNextServer() {
        server.say(a, CALL.formatted("'sent'"));
        assertThat(server.toServer()).hasSize(1);
        server.say(a, CALL.formatted("'unsent'"));
        server.shared.serverEnded();
        assertThat(server.heard(a))
                .singleElement()
                .asString()
                .contains("'id':'sent','error':{'code':-32000,", "'reason':'server-ended'");
        server.say(a, CALL.formatted("'later'"));
        assertThat(server.toServer()).isEmpty();
        long asked = restarted();
        assertThat(server.toServer()).isEmpty();
        server.server(SharedServer.AGREED.formatted(asked));
        assertThat(server.heard(a)).containsExactly(CHANGED);
        List<String> sent = server.toServer();
        assertThat(sent).hasSize(3);
        assertThat(sent.get(0)).contains("notifications/initialized");
        server.server("{'id':" + SharedServer.wireId(sent.get(2)) + ",'result':{}}");
        server.server("{'id':" + SharedServer.wireId(sent.get(1)) + ",'result':{}}");
        assertThat(server.heard(a)).containsExactly("{'id':'later','result':{}}", "{'id':'unsent','result':{}}");
    }

    @Test
    void row16NobodyWaitsLongerThanTenSeconds() {
        server.shared.serverEnded();
        server.say(a, CALL.formatted(1));
        server.pass(Duration.ofSeconds(6));
        server.say(a, CALL.formatted(2));
        server.shared.serverStarted();
        server.pass(Duration.ofMillis(3999));
        assertThat(server.heard(a)).isEmpty();
        server.pass(Duration.ofMillis(1));
        assertThat(server.heard(a))
                .singleElement()
                .asString()
                .contains("'id':1,'error':{'code':-32000,", "'reason':'server-restarting'");
        server.say(a, "{'method':'notifications/cancelled','params':{'requestId':2}}");
        server.pass(Duration.ofHours(1));
        assertThat(server.heard(a)).isEmpty();
        assertThat(server.toServer()).singleElement().asString().contains("initialize");
    }

    @Test
    void row16NobodyWaitsForAServerThatBacksOff() {
        server.shared.serverEnded();
        server.say(a, CALL.formatted(1));
        Client b = server.attach();
        server.initialize(b);
        server.shared.serverBacksOff();
        server.say(a, CALL.formatted(2));
        assertThat(server.heard(a))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("'code':-32000,", "'reason':'server-ended'"));
        assertThat(server.heard(b)).singleElement().asString().contains("'id':0,'error':{'code':-32000,");
        long asked = restarted();
        server.initialize(b);
        server.server(SharedServer.AGREED.formatted(asked));
        assertThat(server.heard(b)).containsExactly(SharedServer.AGREED.formatted(0));
        server.toServer();
        server.say(a, CALL.formatted(3));
        assertThat(server.toServer()).hasSize(1);
    }

    @Test
    void aHandshakeThatTheServerDiesInIsDoneWithTheNext() {
        SharedServer fresh = new SharedServer();
        fresh.shared.serverStarted();
        Client b = fresh.attach();
        fresh.initialize(b);
        fresh.shared.serverEnded();
        assertThat(fresh.heard(b)).isEmpty();
        fresh.toServer();
        fresh.shared.serverStarted();
        fresh.server(SharedServer.AGREED.formatted(
                SharedServer.wireId(fresh.toServer().get(0))));
        assertThat(fresh.heard(b)).containsExactly(SharedServer.AGREED.formatted(0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'result':{'capabilities': { 'resources':{'subscribe':true},'logging':{},'tools':{'listChanged':true} },"
                        + "'serverInfo':{'name':'t','version':'2'},'protocolVersion':'2025-06-18'} | false",
                "'result':{'protocolVersion':'2024-11-05','capabilities':{'tools':{'listChanged':true},'logging':{},"
                        + "'resources':{'subscribe':true}}} | true",
                "'result':{'protocolVersion':'2025-06-18','capabilities':{'tools':{'listChanged':false},'logging':{},"
                        + "'resources':{'subscribe':true}}} | true",
                "'result':{'protocolVersion':'2025-06-18','capabilities':{'tools':{'listChanged':true},"
                        + "'resources':{'subscribe':true}}} | true",
                "'result':{'protocolVersion':'2025-06-18'} | true",
                "'error':{'code':-32603,'message':'m'} | true",
            })
    void row17AnotherPromiseIsBroken(String answer, boolean isBroken) {
        server.shared.serverEnded();
        server.say(a, CALL.formatted(1));
        server.server("{'id':" + restarted() + "," + answer + "}");
        assertThat(server.events.contains("broken")).isEqualTo(isBroken);
        assertThat(server.toServer()).hasSize(isBroken ? 0 : 2);
        server.shared.over(Bye.ENDED);
        assertThat(server.events).contains("bye " + a.number() + " ended");
        assertThat(server.heard(a)).anyMatch(line -> line.contains("'id':1,'error':{'code':-32000,"));
    }

    @Test
    void row17NobodyIsThereToBreakAPromiseTo() {
        server.shared.detach(a);
        server.shared.serverEnded();
        String other = SharedServer.AGREED.replace("2025-06-18", "2024-11-05");
        server.server(other.formatted(restarted()));
        assertThat(server.events).doesNotContain("broken");
        Client b = server.attach();
        server.initialize(b);
        assertThat(server.heard(b)).containsExactly(other.formatted(0));
    }
}
