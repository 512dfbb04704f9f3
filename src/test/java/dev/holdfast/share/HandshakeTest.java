package dev.holdfast.share;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Section 5.7: one handshake for all. */
class HandshakeTest {
    private final SharedServer server = new SharedServer();

    @Test
    void theHostAsksInItsOwnWordsAndOnce() {
        server.shared.serverStarted();
        assertThat(server.toServer()).isEmpty();
        Client a = server.attach();
        Client b = server.attach();
        server.initialize(a);
        server.say(b, "{'id':'b','method':'initialize','params':{'protocolVersion':'2024-11-05'}}");
        assertThat(server.toServer())
                .containsExactly(
                        "{'jsonrpc':'2.0','id':1,'method':'initialize','params':{'protocolVersion':'2025-06-18',"
                                + "'capabilities':{},'clientInfo':{'name':'holdfast','version':'1.0.0','title':'c'}}}");
        assertThat(server.heard(a)).isEmpty();
        String result = SharedServer.AGREED.replace("'tools':{", "'tasks': {'cancel':{}, 'list':{}},'tools':{");
        server.server(result.formatted(1));
        assertThat(server.toServer()).containsExactly("{'jsonrpc':'2.0','method':'notifications/initialized'}");
        String shown = result.replace(", 'list':{}", "");
        assertThat(server.heard(a)).containsExactly(shown.formatted(0));
        assertThat(server.heard(b)).containsExactly(shown.replace("%d", "'b'"));
        server.say(a, "{'method':'notifications/initialized'}");
        Client c = server.attach();
        server.say(c, "{'id':7,'method':'initialize'}");
        assertThat(server.heard(c)).containsExactly(shown.formatted(7));
        assertThat(server.toServer()).isEmpty();
        server.say(c, "{'id':8,'method':'initialize'}");
        assertThat(server.heard(c)).singleElement().asString().contains("'id':8,'error':{'code':-32600");
    }

    @Test
    void anErrorIsGivenToThoseWhoWaitAndNotKept() {
        server.shared.serverStarted();
        Client a = server.attach();
        server.initialize(a);
        server.server("{'jsonrpc':'2.0','id':1,'error':{'code':-32603,'message':'m'}}");
        assertThat(server.heard(a)).containsExactly("{'jsonrpc':'2.0','id':0,'error':{'code':-32603,'message':'m'}}");
        server.toServer();
        server.initialize(a);
        assertThat(server.toServer()).singleElement().asString().contains("'id':2,'method':'initialize'");
    }

    @Test
    void nothingButPingIsTakenBefore() {
        server.shared.serverStarted();
        Client a = server.attach();
        server.say(a, "{'id':1,'method':'ping'}");
        server.say(a, "{'id':2,'method':'tools/list'}");
        server.say(a, "{'id':3,'method':'logging/setLevel'}");
        assertThat(server.heard(a)).hasSize(3);
        assertThat(server.toServer()).isEmpty();
    }

    @Test
    void clientsCallAndGetProgressAndCancel() {
        Client a = server.first();
        Client b = server.next();
        String call = "{'id':1,'method':'tools/call','params':{'_meta':{'progressToken':1}}}";
        server.say(a, call);
        server.say(b, call);
        assertThat(server.toServer()).containsExactly(call.replace(":1", ":2"), call.replace(":1", ":3"));
        server.server("{'method':'notifications/progress','params':{'progressToken':3}}");
        server.server("{'id':3,'result':{}}");
        assertThat(server.heard(b))
                .containsExactly(
                        "{'method':'notifications/progress','params':{'progressToken':1}}", "{'id':1,'result':{}}");
        server.say(a, "{'method':'notifications/cancelled','params':{'requestId':1}}");
        assertThat(server.toServer()).containsExactly("{'method':'notifications/cancelled','params':{'requestId':2}}");
        assertThat(server.heard(a)).isEmpty();
    }
}
