package dev.holdfast.share;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.settings.ShareEra;
import dev.holdfast.settings.ShareRequests;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Section 5.4, rows 9 and 10: what the server asks. */
class AskedClientTest {
    private static final String SAMPLE = "{'id':'q','method':'sampling/createMessage','params':{}}";
    private static final String REFUSED = "{'jsonrpc':'2.0','id':'q','error':{'code':-32601,";
    private static final String CALL = "{'id':%d,'method':'%s','params':{}}";

    private final SharedServer server =
            new SharedServer(SharedServer.contract(ShareEra.AUTO, ShareRequests.ONE_CALLER), 0);
    private final Client a = server.first();
    private final Client b = server.next();

    private long call(Client client, String method) {
        server.say(client, CALL.formatted(1, method));
        return SharedServer.wireId(server.toServer().get(0));
    }

    private void refuses() {
        server.server(SAMPLE);
        assertThat(server.toServer()).singleElement().asString().startsWith(REFUSED);
        assertThat(server.heard(a)).isEmpty();
        assertThat(server.heard(b)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"tools/call,true", "prompts/get,true", "resources/read,true", "tools/list,false", "ping,false"})
    void row9TheOnlyCallerIsAsked(String method, boolean isAsked) {
        call(a, method);
        if (!isAsked) {
            refuses();
            return;
        }
        server.server(SAMPLE);
        assertThat(server.heard(a)).containsExactly(SAMPLE.replace("'q'", "1"));
        server.say(b, "{'id':1,'result':{'planted':1}}");
        assertThat(server.toServer()).isEmpty();
        server.say(a, "{'id':1,'result':{}}");
        assertThat(server.toServer()).containsExactly("{'id':'q','result':{}}");
    }

    @Test
    void row9NobodyIsAskedWhenNobodyOrSeveralCall() {
        refuses();
        long first = call(a, "tools/call");
        long second = call(b, "tools/call");
        refuses();
        server.server("{'id':" + first + ",'result':{}}");
        server.heard(a);
        server.server(SAMPLE);
        assertThat(server.heard(b)).hasSize(1);
        server.server("{'id':" + second + ",'result':{}}");
        server.heard(b);
        server.server(SAMPLE.replace("'q'", "'r'"));
        assertThat(server.toServer()).singleElement().asString().contains("'id':'r','error':{'code':-32601,");
    }

    /** What the server asks may still be about the call that was given up. */
    @Test
    void row9AGivenUpCallCountsUntilItsAnswerOrItsTimeIsOver() {
        long first = call(a, "tools/call");
        server.shared.detach(a);
        server.toServer();
        call(b, "tools/call");
        refuses();
        server.server("{'id':" + first + ",'result':{}}");
        server.server(SAMPLE);
        assertThat(server.heard(b)).hasSize(1);
        server.say(b, "{'id':1,'result':{}}");
        server.toServer();
        server.say(b, "{'id':2,'method':'prompts/get'}");
        server.toServer();
        server.say(b, "{'method':'notifications/cancelled','params':{'requestId':2}}");
        server.toServer();
        Client c = server.next();
        server.say(c, CALL.formatted(1, "tools/call"));
        server.toServer();
        refuses();
        server.pass(Duration.ofSeconds(10));
        refuses();
    }

    @ParameterizedTest
    @CsvSource({"roots/list", "elicitation/create", "unknown/method"})
    void row9WhatAClientCannotIsRefused(String method) {
        call(a, "tools/call");
        server.server("{'id':'q','method':'" + method + "'}");
        assertThat(server.toServer()).singleElement().asString().startsWith(REFUSED);
    }

    @Test
    void row9AClientThatLeavesWhileItIsAskedIsAnsweredFor() {
        long first = call(a, "tools/call");
        server.server(SAMPLE);
        assertThat(server.heard(a)).hasSize(1);
        server.shared.detach(a);
        assertThat(server.toServer())
                .contains("{'jsonrpc':'2.0','id':'q','error':{'code':-32000,'message':'client detached'}}");
        server.server("{'id':" + first + ",'result':{}}");
        call(b, "tools/call");
        server.shared.inputEnded(b);
        refuses();
    }

    @Test
    void onlyWhatCanBeKeptIsPromisedToTheServer() {
        SharedServer fresh = new SharedServer(SharedServer.contract(ShareEra.AUTO, ShareRequests.ONE_CALLER), 0);
        fresh.shared.serverStarted();
        fresh.initialize(fresh.attach());
        assertThat(fresh.toServer())
                .singleElement()
                .asString()
                .contains("'capabilities':{'sampling':{},'elicitation':{}},");
    }

    @Test
    void anIsolatedServerHasOneClientAtATime() {
        SharedServer fresh = new SharedServer();
        fresh.shared.serverStarted();
        Client first = fresh.attach();
        Client second = fresh.attach();
        fresh.initialize(first);
        fresh.initialize(second);
        String result = SharedServer.AGREED.replace(
                "'logging':{}", "'experimental':{'x-mux':{'sharing':'isolated'}},'logging':{}");
        fresh.server(result.formatted(1));
        assertThat(fresh.heard(first)).containsExactly(result.formatted(0));
        assertThat(fresh.heard(second))
                .singleElement()
                .asString()
                .contains("'id':0,'error':{'code':-32000,", "must not be shared", "'reason':'isolated'");
        assertThat(fresh.events).anyMatch(line -> line.startsWith("audit client refused number=2"));
        fresh.shared.detach(first);
        fresh.initialize(second);
        assertThat(fresh.heard(second)).containsExactly(result.formatted(0));
    }
}
