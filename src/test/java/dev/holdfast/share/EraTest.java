package dev.holdfast.share;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.settings.ShareEra;
import dev.holdfast.settings.ShareRequests;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Section 5.8, rows 18, 30 and 31: a server is spoken to in one era, and no message of the other one reaches it. */
class EraTest {
    private static final String META =
            "'_meta':{'io.modelcontextprotocol/protocolVersion':'2026-07-28','io.modelcontextprotocol/clientCapabilities':{}}";
    private static final String DISCOVER = "{'id':'d','method':'server/discover','params':{" + META + "}}";
    private static final String MODERN_CALL = "{'id':'c','method':'tools/call','params':{'name':'n'," + META + "}}";
    private static final String LEGACY_CALL = "{'id':'c','method':'tools/call','params':{'name':'n'}}";

    private SharedServer server = new SharedServer();

    /** What a server answers, and what it must never see. */
    private enum Kind {
        LEGACY("'result':{'protocolVersion':'2025-06-18','capabilities':{}}"),
        DUAL("'result':{'protocolVersion':'2025-11-25','capabilities':{}}"),
        MODERN(
                "'error':{'code':-32022,'message':'m','data':{'supported':['2026-07-28','2027-01-01'],'requested':'x'}}"),
        MODERN_SIMPLE("'error':{'code':-32601,'message':'m'}"),
        MODERN_STRICT("'error':{'code':-32602,'message':'m'}");

        private final String handshake;

        Kind(String handshake) {
            this.handshake = handshake;
        }

        private boolean isModern() {
            return name().startsWith("MODERN");
        }
    }

    /** Lets the server answer whatever it gets; what that was. */
    private List<String> serve(Kind kind) {
        List<String> got = new ArrayList<>();
        for (List<String> lines = server.toServer(); !lines.isEmpty(); lines = server.toServer()) {
            for (String line : lines) {
                got.add(line);
                boolean isHandshake = line.contains("'method':'initialize'");
                if (isHandshake || line.contains("'id':")) {
                    String id = "{'jsonrpc':'2.0','id':" + SharedServer.wireId(line) + ",";
                    server.server(id + (isHandshake ? kind.handshake : "'result':{'kind':1}") + "}");
                }
            }
        }
        return got;
    }

    private void check(Kind kind, List<String> got) {
        assertThat(got).allSatisfy(line -> {
            boolean isHandshake = line.contains("initialize");
            assertThat(isHandshake || line.contains("_meta") == kind.isModern())
                    .as(kind + " " + line)
                    .isTrue();
        });
        assertThat(got.stream().filter(line -> line.contains("'method':'initialize'")))
                .hasSize(1);
    }

    private List<String> says(Client client, Kind kind, String line) {
        server.say(client, line);
        check(kind, all(serve(kind)));
        return server.heard(client);
    }

    private final List<String> seen = new ArrayList<>();

    private List<String> all(List<String> got) {
        seen.addAll(got);
        return seen;
    }

    private void legacyClient(Kind kind) {
        Client client = server.attach();
        server.initialize(client);
        check(kind, all(serve(kind)));
        String expected = kind.isModern() ? "'id':0,'error':{'code':-32022," : "'id':0,'result':{'protocolVersion'";
        assertThat(server.heard(client)).singleElement().asString().contains(expected);
        String answer = kind.isModern() ? "'id':'c','error':{'code':-32022," : "'id':'c','result':{'kind':1}";
        assertThat(says(client, kind, LEGACY_CALL)).singleElement().asString().contains(answer);
    }

    private void modernClient(Kind kind) {
        Client client = server.attach();
        String expected = kind.isModern() ? "'id':'c','result':{'kind':1}" : "'id':'c','error':{'code':-32022,";
        assertThat(says(client, kind, MODERN_CALL)).singleElement().asString().contains(expected);
    }

    /** One that looks which era it is, and goes on in that one. */
    private void dualClient(Kind kind) {
        Client client = server.attach();
        String first = String.join("", says(client, kind, DISCOVER));
        if (kind.isModern()) {
            assertThat(first).contains("'id':'d','result':{'kind':1}");
            assertThat(says(client, kind, MODERN_CALL))
                    .singleElement()
                    .asString()
                    .contains("'result'");
        } else {
            assertThat(first).contains("'id':'d','error':{'code':-32601,");
            server.initialize(client);
            all(serve(kind));
            assertThat(server.heard(client)).singleElement().asString().contains("'id':0,'result':{");
            assertThat(says(client, kind, LEGACY_CALL))
                    .singleElement()
                    .asString()
                    .contains("'result'");
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void row31EachClientFirstAndSecondOnEachServer(Kind kind) {
        List<Runnable> clients = List.of(() -> legacyClient(kind), () -> modernClient(kind), () -> dualClient(kind));
        for (Runnable first : clients) {
            server = new SharedServer();
            seen.clear();
            server.shared.serverStarted();
            first.run();
            clients.forEach(Runnable::run);
        }
    }

    @Test
    void row18AServerThatDiesOfWhatItDoesNotKnowNeverSeesIt() {
        Client client = server.attach();
        server.say(client, DISCOVER);
        server.shared.serverStarted();
        List<String> got = serve(Kind.LEGACY);
        assertThat(got).hasSize(2);
        assertThat(got.get(0)).contains("'method':'initialize','params':{'protocolVersion':'2025-11-25'");
        assertThat(got.get(1)).contains("notifications/initialized");
        assertThat(server.heard(client)).singleElement().asString().contains("'id':'d','error':{'code':-32601,");
        server.initialize(client);
        assertThat(server.heard(client)).singleElement().asString().contains("'id':0,'result':{");
        assertThat(server.toServer()).isEmpty();
    }

    @Test
    void row31TheErrorNamesTheRevisions() {
        server.shared.serverStarted();
        Client legacy = server.attach();
        server.initialize(legacy);
        serve(Kind.MODERN);
        assertThat(server.heard(legacy))
                .singleElement()
                .asString()
                .contains("without a handshake, in protocol version 2026-07-28 or 2027-01-01'")
                .contains("'data':{'supported':['2026-07-28','2027-01-01'],'requested':'2025-06-18'}}}");
        server = new SharedServer();
        server.first();
        Client modern = server.attach();
        server.say(modern, MODERN_CALL);
        assertThat(server.heard(modern))
                .singleElement()
                .asString()
                .contains("with a handshake, in protocol version 2025-06-18'")
                .contains("'data':{'supported':['2025-06-18'],'requested':'2026-07-28'}}}");
    }

    @Test
    void onlyWhatLooksLikeAVersionIsShownToPeople() {
        server.shared.serverStarted();
        Client client = server.attach();
        server.initialize(client);
        String line = server.toServer().get(0);
        server.server("{'id':" + SharedServer.wireId(line) + ",'error':{'code':-32022,'message':'m','data':{"
                + "'supported':['\\u001b[2J','1','" + "9".repeat(99) + "',7,'2','3','4','5','6']}}}");
        assertThat(server.heard(client))
                .singleElement()
                .asString()
                .contains("without a handshake, in protocol version 1 or 2 or 3 or 4 or 5'");
    }

    @ParameterizedTest
    @CsvSource({"LEGACY,-32603,false", "LEGACY,-32601,false", "AUTO,-32603,false", "AUTO,-32601,true"})
    void anEraIsSettledByTheRightErrorsAlone(ShareEra era, int code, boolean isModern) {
        server = new SharedServer(SharedServer.contract(era, ShareRequests.NONE), 0);
        server.shared.serverStarted();
        Client client = server.attach();
        server.initialize(client);
        server.server("{'id':1,'error':{'code':" + code + ",'message':'m'}}");
        String expected = String.format(Locale.ROOT, "'code':%d,", isModern ? -32022 : code);
        assertThat(server.heard(client)).singleElement().asString().contains(expected);
        server.toServer();
        server.say(client, MODERN_CALL);
        server.say(client, DISCOVER);
        int sent = server.toServer().size();
        assertThat(sent).isEqualTo(isModern ? 2 : era == ShareEra.LEGACY ? 0 : 1);
    }

    @Test
    void aRequestThatWaitsForAFailedHandshakeGetsItsError() {
        server.shared.serverStarted();
        Client client = server.attach();
        server.say(client, MODERN_CALL);
        server.server("{'id':" + SharedServer.wireId(server.toServer().get(0))
                + ",'error':{'code':-32603,'message':'planted'}}");
        assertThat(server.heard(client)).containsExactly("{'id':'c','error':{'code':-32603,'message':'planted'}}");
    }

    @Test
    void whoHasWaitedForTheEraIsToldWhatIsForAll() {
        server.shared.serverStarted();
        Client client = server.attach();
        server.say(client, MODERN_CALL);
        serve(Kind.MODERN);
        assertThat(server.heard(client)).hasSize(1);
        server.server("{'method':'notifications/unknown'}");
        assertThat(server.heard(client)).containsExactly("{'method':'notifications/unknown'}");
    }

    @Test
    void withoutAHandshakeTheServerIsNeverAskedForOne() {
        server = new SharedServer(SharedServer.contract(ShareEra.MODERN, ShareRequests.NONE), 0);
        server.shared.serverStarted();
        Client client = server.attach();
        server.initialize(client);
        assertThat(server.heard(client)).singleElement().asString().contains("'code':-32022,");
        server.say(client, DISCOVER);
        assertThat(server.toServer()).singleElement().asString().contains("server/discover");
        server.server("{'id':9,'method':'roots/list'}");
        assertThat(server.toServer()).singleElement().asString().contains("'id':9,'error':{'code':-32601,");
    }

    @Test
    void row30SubscriptionsEndInGoodOrderWithTheServer() {
        server = new SharedServer(SharedServer.contract(ShareEra.MODERN, ShareRequests.NONE), 0);
        server.shared.serverStarted();
        String listen = "{'id':1,'method':'subscriptions/listen','params':{" + META + "}}";
        Client a = server.attach();
        Client b = server.attach();
        server.say(a, listen);
        server.say(b, listen);
        assertThat(server.toServer()).hasSize(2);
        String event = "{'method':'notifications/tools/list_changed','params':{'_meta':{"
                + "'io.modelcontextprotocol/subscriptionId':%d}}}";
        server.server(event.formatted(2));
        assertThat(server.heard(a)).isEmpty();
        assertThat(server.heard(b)).containsExactly(event.formatted(1));
        server.server("{'method':'notifications/tools/list_changed'}");
        assertThat(server.heard(b)).isEmpty();
        server.say(a, "{'method':'notifications/cancelled','params':{'requestId':1}}");
        assertThat(server.toServer()).singleElement().asString().contains("'requestId':1");
        server.shared.serverEnded();
        assertThat(server.heard(a)).isEmpty();
        assertThat(server.heard(b))
                .containsExactly("{'jsonrpc':'2.0','id':1,'result':{'resultType':'complete','_meta':{"
                        + "'io.modelcontextprotocol/subscriptionId':1}}}");
        server.shared.serverStarted();
        server.say(b, listen);
        assertThat(server.toServer()).singleElement().asString().contains("'id':3,");
    }

    @Test
    void logMessagesGoToTheOnlyRequestThatWantsThem() {
        server = new SharedServer(SharedServer.contract(ShareEra.MODERN, ShareRequests.NONE), 0);
        server.shared.serverStarted();
        Client a = server.attach();
        Client b = server.attach();
        String call = "{'id':1,'method':'tools/call','params':{'_meta':{'io.modelcontextprotocol/protocolVersion':"
                + "'2026-07-28','io.modelcontextprotocol/logLevel':'info'}}}";
        server.say(a, call);
        server.say(b, MODERN_CALL);
        String log = "{'method':'notifications/message','params':{'level':'info','data':'planted'}}";
        server.server(log);
        assertThat(server.heard(a)).containsExactly(log);
        assertThat(server.heard(b)).isEmpty();
        server.say(b, call);
        server.server(log);
        assertThat(server.heard(a)).isEmpty();
        assertThat(server.heard(b)).isEmpty();
    }
}
