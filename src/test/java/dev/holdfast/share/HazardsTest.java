package dev.holdfast.share;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.FlatObjectWriter;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Section 8: what looks as if it should not be shared is told, and nothing is decided by it. */
class HazardsTest {
    private static String kinds(Hazards hazards, boolean isSaidToBeShareable) {
        return hazards.report(isSaidToBeShareable).stream()
                .map(FlatObjectWriter::end)
                .map(json -> json.replaceFirst(".*?\"kind\":\"([a-z_]+)\".*", "$1"))
                .collect(Collectors.joining(" "));
    }

    private static void list(Hazards hazards, String name) {
        hazards.listed(SharedServer.bytes("{'jsonrpc':'2.0','id':1,'result':{'tools':[{'name':'echo','inputSchema':{}},"
                + "{'description':'browser_','name':'" + name + "'}]}}"));
    }

    @ParameterizedTest
    @CsvSource({
        "browser_navigate, true",
        "page_open, true",
        "session_start, true",
        "start_process, true",
        "read_process_output, true",
        "activate_project, true",
        "create_entities, false",
        "browse, false",
        "processes, false",
        "homepage_count, false",
        "x, false"
    })
    void toolsOfOneClientAreKnownByTheirNames(String tool, boolean isHazard) {
        Hazards hazards = new Hazards(false);
        list(hazards, tool);
        assertThat(kinds(hazards, false)).isEqualTo(isHazard ? "shared_state" : "");
        assertThat(kinds(hazards, true)).isEmpty();
        assertThat(hazards.report(false)).noneMatch(each -> each.end().contains(tool + "\""));
    }

    @Test
    void whatTheServerAsksForIsAHazardUnlessItMayGetIt() {
        Hazards refusing = new Hazards(false);
        refusing.asked("sampling/createMessage");
        assertThat(kinds(refusing, true)).isEqualTo("shared_requests");
        Hazards asking = new Hazards(true);
        asking.asked("sampling/createMessage");
        assertThat(kinds(asking, true)).isEmpty();
        asking.asked("roots/list");
        assertThat(kinds(asking, true)).isEqualTo("shared_roots");
    }

    @Test
    void fewListsOfEachServerAreLookedAtAndNonsenseIsPassedOver() {
        Hazards hazards = new Hazards(false);
        hazards.listed(SharedServer.bytes("{'result':[]}"));
        hazards.listed(SharedServer.bytes("nonsense"));
        hazards.listed(SharedServer.bytes("{'result':{'tools':[1,{'name':2}]}}"));
        list(hazards, "browser_x");
        assertThat(kinds(hazards, false)).isEmpty();
        hazards.serverStarted();
        list(hazards, "browser_x");
        assertThat(kinds(hazards, false)).isEqualTo("shared_state");
    }

    @Test
    void theHostTellsOfThem() {
        SharedServer server = new SharedServer();
        Client a = server.first();
        server.say(a, "{'id':5,'method':'tools/list'}");
        long wireId = SharedServer.wireId(server.toServer().get(0));
        server.server("{'jsonrpc':'2.0','id':" + wireId + ",'result':{'tools':[{'name':'page_up'}]}}");
        server.server("{'jsonrpc':'2.0','id':1,'method':'roots/list'}");
        assertThat(server.shared.report().end()).contains("\"shared_state\"", "\"shared_roots\"", "\"remedy\":");
    }
}
