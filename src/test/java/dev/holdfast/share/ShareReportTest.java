package dev.holdfast.share;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.settings.ShareEra;
import dev.holdfast.settings.ShareRequests;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Section 10: what is told of clients and requests, of which nothing is in these. */
class ShareReportTest {
    private final SharedServer server = new SharedServer();

    private String report() {
        return server.shared.report().end().replace('"', '\'');
    }

    @Test
    void tellsWhoAsksAndWhatBecameOfIt() {
        Client a = server.first();
        Client b = server.next();
        server.say(a, "{'id':42,'method':'tools/call','params':{'name':'planted'}}");
        server.say(b, "{'id':'planted','method':'resources/read','params':{'uri':'planted:1'}}");
        server.say(b, "{'id':3,'method':'planted/method'}");
        List<String> sent = server.toServer();
        assertThat(report())
                .contains("'era':'legacy','protocolVersion':'2025-06-18'")
                .containsPattern("\\{'id':1,'pid':0,'name':'test','since':'[^']*','requests':2,'open':1,'queued':0")
                .containsPattern("\\{'id':2,'pid':0,'name':'test','since':'[^']*','requests':3,'open':2,'queued':0")
                .contains("],'open':3,'queued':0,'restarts':0,");
        long call = SharedServer.wireId(sent.get(0));
        server.server("{'jsonrpc':'2.0','id':" + call + ",'result':{'content':'planted'}}");
        server.server("{'jsonrpc':'2.0','id':" + SharedServer.wireId(sent.get(1)) + ",'error':{'message':'planted'}}");
        server.shared.serverEnded();
        server.shared.serverStarted();
        assertThat(report())
                .contains("'open':0,'queued':0,'restarts':1,")
                .contains("{'method':'initialize','outcome':'ok','count':2}")
                .contains("{'method':'other','outcome':'lost','count':1}")
                .contains("{'method':'resources/read','outcome':'error','count':1}")
                .contains("{'method':'tools/call','outcome':'ok','count':1}")
                .doesNotContain("planted");
        assertThat(server.events)
                .contains("trace Request #" + call + " (ID: 42) started method=tools/call client=1")
                .contains("trace Request #" + call + " (ID: 42) completed outcome=ok")
                .allSatisfy(
                        line -> assertThat(line.replace("(ID: ?planted?)", "")).doesNotContain("planted"));
    }

    @Test
    void toolsAreToldApartOnlyWhereThatWasAskedFor() {
        SharedServer counting = new SharedServer(SharedServer.contract(ShareEra.AUTO, ShareRequests.NONE), 0, true);
        for (SharedServer each : List.of(server, counting)) {
            Client client = each.first();
            each.say(client, "{'id':1,'method':'tools/call','params':{'arguments':{'name':'no'},'na\\u006de':'echo'}}");
            each.say(client, "{'id':2,'method':'tools/call','params':{'name':'a\\\\\\'\\u000a\\u00e9{}'}}");
            each.say(client, "{'id':3,'method':'tools/call','params':{'name':7}}");
            each.say(client, "{'id':4,'method':'prompts/get','params':{'name':'no'}}");
            each.toServer();
            each.shared.serverEnded();
        }
        assertThat(report()).contains("'tools':[],");
        assertThat(counting.shared.report().end().replace('"', '\''))
                .contains("'tools':[{'tool':'a????{}','outcome':'lost','count':1},"
                        + "{'tool':'echo','outcome':'lost','count':1}],");
    }

    @Test
    void ofTooManyToolsTheRestIsOne() {
        SharedServer counting = new SharedServer(SharedServer.contract(ShareEra.AUTO, ShareRequests.NONE), 0, true);
        Client client = counting.first();
        for (int i = 1000; i < 1300; i++) {
            counting.say(client, "{'id':" + i + ",'method':'tools/call','params':{'name':'t" + i + "'}}");
            counting.toServer();
        }
        counting.shared.serverEnded();
        assertThat(counting.shared.report().end().replace('"', '\''))
                .contains(
                        "{'tool':'t1199','outcome':'lost','count':1}", "{'tool':'other','outcome':'lost','count':100}")
                .doesNotContain("t1200");
    }

    @Test
    void tellsOfWhatIsCancelledAndLost() {
        Client a = server.first();
        server.say(a, "{'id':1,'method':'tools/list'}");
        server.say(a, "{'id':2,'method':'tools/list','params':{}}");
        server.say(a, "{'method':'notifications/cancelled','params':{'requestId':1}}");
        server.server("Server is busy");
        server.shared.detach(a);
        assertThat(report())
                .contains("'clients':[],'open':0,")
                .contains("{'method':'tools/list','outcome':'cancelled','count':2}")
                .contains("'dropped':[{'what':'no_message','count':1}]")
                .containsPattern(
                        "'fromClients':[1-9]\\d+,'toClients':[1-9]\\d+,'fromServer':[1-9]\\d+,'toServer':[1-9]");
    }
}
