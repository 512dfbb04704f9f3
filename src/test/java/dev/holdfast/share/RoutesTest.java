package dev.holdfast.share;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.Envelope;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each message goes to whom it is, with the bytes that its sender gave it; rows of the table of edge cases are named. */
@Timeout(60)
class RoutesTest {
    private static final int A = 1;
    private static final int B = 2;

    private final RecordedRoutes shared = new RecordedRoutes();

    private static String call(String id) {
        return "{'jsonrpc':'2.0','id':" + id + ",'method':'tools/call','params':{'name':'n'}}";
    }

    /** Row 1. */
    @Test
    void clientsThatCountAlikeGetTheirOwnAnswersAndProgress() {
        String call = "{'id':0,'method':'tools/call','params':{'_meta':{'progressToken':0},'x':1.50}}";
        assertThat(shared.client(A, call))
                .containsExactly(
                        "server < {'id':1,'method':'tools/call','params':{'_meta':{'progressToken':1},'x':1.50}}");
        assertThat(shared.client(B, call))
                .containsExactly(
                        "server < {'id':2,'method':'tools/call','params':{'_meta':{'progressToken':2},'x':1.50}}");
        String progress = "{'method':'notifications/progress','params':{'progress':3,'progressToken':%d}}";
        assertThat(shared.server(progress.formatted(2)))
                .containsExactly("2 < {'method':'notifications/progress','params':{'progress':3,'progressToken':0}}");
        assertThat(shared.server(progress.formatted(1)))
                .containsExactly("1 < {'method':'notifications/progress','params':{'progress':3,'progressToken':0}}");
        assertThat(shared.server("{ 'result' : {} , 'id' : 2 }")).containsExactly("2 < { 'result' : {} , 'id' : 0 }");
        assertThat(shared.server(progress.formatted(2))).containsExactly("dropped: NOBODYS");
        assertThat(shared.server("{'id':1,'error':{'code':1,'message':'m'}}"))
                .containsExactly("1 < {'id':0,'error':{'code':1,'message':'m'}}");
        assertThat(shared.server("{'id':1,'result':{}}")).containsExactly("late: 1");
    }

    @Test
    void progressThatNobodyHasAskedForIsDropped() {
        shared.client(A, call("1"));
        assertThat(shared.server("{'method':'notifications/progress','params':{'progressToken':1}}"))
                .containsExactly("dropped: NOBODYS");
    }

    /** Row 2. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "'a'",
                "'\\u0061'",
                "9007199254740991",
                "9007199254740993",
                "0",
                "-1",
                "1e3",
                "''",
                "'\u00e4\u20ac\ud83d\ude00'",
                "'},\\'id\\':2'",
                "123456789012345678901234567890"
            })
    void idsAndTokensComeBackByteForByte(String id) {
        String sent = "{'id':" + id + ",'method':'m','params':{'_meta':{'progressToken':" + id + "}}}";
        assertThat(shared.client(A, sent))
                .containsExactly("server < {'id':1,'method':'m','params':{'_meta':{'progressToken':1}}}");
        assertThat(shared.server("{'method':'notifications/progress','params':{'progressToken':1}}"))
                .containsExactly("1 < {'method':'notifications/progress','params':{'progressToken':" + id + "}}");
        assertThat(shared.server("{'id':1,'result':{}}")).containsExactly("1 < {'id':" + id + ",'result':{}}");
    }

    /** Row 3. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'id':null,'method':'m'} | null | -32600",
                "{'id':1.5,'method':'m'} | null | -32600",
                "{'id':1e-1,'method':'m'} | null | -32600",
                "{'id':true,'method':'m'} | null | -32600",
                "{'id':[1],'method':'m'} | null | -32600",
                "{'id':1,'id':2,'method':'m'} | null | -32600",
                "{'id':1,'\\u0069d':2,'method':'m'} | null | -32600",
                "{'id':1,'method':'m','method':'initialize'} | null | -32600",
                "{'id':1,'method':'m','params':{'_meta':{'progressToken':1,'progressToken':2}}} | null | -32600",
                "{'id':1,'method':'m','params':{'_meta':{'progressToken':null}}} | 1 | -32602",
                "{'id':1,'method':'m','params':{'_meta':{'progressToken':1.5}}} | 1 | -32602",
                "{'id':1,'method':5} | null | -32600",
                "{'id':1} | null | -32600",
                "{'id':1,'method':'m','result':{}} | null | -32600",
                "[{'id':1,'method':'m'}] | null | -32600",
                "{'id':1,'method':'m' | null | -32700",
                "\ufeff{'id':1,'method':'m'} | null | -32700",
                "nonsense | null | -32700",
                "{'id':'t','method':'tasks/get','params':{'taskId':'nobodys'}} | 't' | -32602",
                "{'id':'t','method':'tasks/list'} | 't' | -32601",
                "{'id':7,'method':'m','params':{'_meta':{'io.modelcontextprotocol/related-task':{'taskId':'x'}}}} | 7 | -32602",
            })
    void whatCannotBeRoutedIsRefusedAndReachesNobody(String line, String id, int code) {
        assertThat(shared.client(A, line))
                .singleElement()
                .asString()
                .startsWith("1 < {'jsonrpc':'2.0','id':" + id + ",'error':{'code':" + code + ",");
        assertThat(shared.client(B, call("1"))).containsExactly("server < " + call("1"));
    }

    /** Row 3. */
    @Test
    void anIdThatIsOpenIsNotOpenedAgain() {
        shared.client(A, call("'a'"));
        assertThat(shared.client(A, call("'\\u0061'")))
                .singleElement()
                .asString()
                .startsWith("1 < {'jsonrpc':'2.0','id':'\\u0061','error':{'code':-32600");
        assertThat(shared.client(B, call("'a'"))).containsExactly("server < " + call("2"));
        shared.server("{'id':1,'result':{}}");
        assertThat(shared.client(A, call("'a'"))).containsExactly("server < " + call("3"));
    }

    /** Row 3. */
    @Test
    void hugeAndDeepLinesTakeTimeInProportion() {
        assertThat(shared.client(A, "[".repeat(1_000_000))).hasSize(1);
        String text = "x".repeat(9_000_000);
        assertThat(shared.client(A, "{'id':5,'method':'m','params':'" + text + "'}"))
                .containsExactly("server < {'id':1,'method':'m','params':'" + text + "'}");
        assertThat(shared.client(A, "{'id':" + "9".repeat(5_000_000) + ",'method':'m'}"))
                .singleElement()
                .asString()
                .contains("-32600");
    }

    /** Section 5.1: ten in a row. */
    @Test
    void whoSendsOnlyNonsenseIsTold() {
        for (int i = 0; i < 9; i++) {
            assertThat(shared.client(A, "x")).hasSize(1);
        }
        shared.client(A, "{'method':'notifications/x'}");
        for (int i = 0; i < 9; i++) {
            assertThat(shared.client(A, "x")).hasSize(1);
            assertThat(shared.client(B, i % 2 == 0 ? "x" : "[]")).hasSize(1);
        }
        assertThat(shared.client(A, "x")).contains("nonsense: 1");
        assertThat(shared.client(B, "x")).contains("nonsense: 2");
    }

    /** Row 4. */
    @Test
    void onlyOwnRequestsAreCancelled() {
        shared.client(A, call("5"));
        shared.client(B, call("6"));
        String cancel = "{'method':'notifications/cancelled','params':{'reason':'r','requestId':%s}}";
        assertThat(shared.client(B, cancel.formatted("5"))).containsExactly("dropped: NOBODYS");
        assertThat(shared.client(B, cancel.formatted("1"))).containsExactly("dropped: NOBODYS");
        assertThat(shared.client(A, cancel.formatted("5"))).containsExactly("server < " + cancel.formatted("1"));
        assertThat(shared.client(A, cancel.formatted("5"))).containsExactly("dropped: NOBODYS");
        assertThat(shared.server("{'id':1,'result':{}}")).containsExactly("late: 1");
        assertThat(shared.server("{'id':2,'result':{}}")).containsExactly("2 < {'id':6,'result':{}}");
        assertThat(shared.client(B, cancel.formatted("6"))).containsExactly("dropped: NOBODYS");
    }

    /** Row 5, and section 7.1. */
    @Test
    void aClientThatIsGoneIsCancelledAndGetsNothing() {
        shared.client(A, call("5"));
        shared.client(B, call("5"));
        shared.client(A, call("6"));
        ask(A, "{'id':'q','method':'sampling/createMessage'}");
        shared.routes.detach(A);
        String cancelled = "server < {'jsonrpc':'2.0','method':'notifications/cancelled','params':{'requestId':%d,"
                + "'reason':'client detached'}}";
        assertThat(shared.next())
                .containsExactly(
                        cancelled.formatted(1),
                        cancelled.formatted(3),
                        "server < {'jsonrpc':'2.0','id':'q','error':{'code':-32000,'message':'client detached'}}");
        assertThat(shared.routes.openOf(A)).isZero();
        assertThat(shared.server("{'id':1,'result':{}}")).containsExactly("late: 1");
        assertThat(shared.server("{'id':2,'result':{}}")).containsExactly("2 < {'id':5,'result':{}}");
        assertThat(shared.client(A, "{'id':1,'result':{}}")).containsExactly("dropped: NOBODYS");
    }

    private List<String> ask(int client, String line) {
        byte[] bytes = line.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        shared.routes.ask(client, bytes, Envelope.of(bytes).orElseThrow());
        return shared.next();
    }

    /** Row 10, and section 5.3. */
    @Test
    void onlyWhoWasAskedAnswers() {
        assertThat(shared.server("{'id':7,'method':'sampling/createMessage'}"))
                .containsExactly("asks: {'id':7,'method':'sampling/createMessage'}");
        assertThat(ask(A, "{'id':7,'method':'sampling/createMessage','params':{'_meta':{'progressToken':'t'}}}"))
                .containsExactly(
                        "1 < {'id':1,'method':'sampling/createMessage','params':{'_meta':{'progressToken':'t'}}}");
        assertThat(shared.client(B, "{'id':1,'result':{}}")).containsExactly("dropped: FOREIGN");
        assertThat(shared.client(A, "{'id':7,'result':{}}")).containsExactly("dropped: NOBODYS");
        assertThat(shared.client(A, "{'id':'1','result':{}}")).containsExactly("dropped: NOBODYS");
        String progress = "{'method':'notifications/progress','params':{'progressToken':'t'}}";
        assertThat(shared.client(B, progress)).containsExactly("dropped: FOREIGN");
        assertThat(shared.client(A, progress)).containsExactly("server < " + progress);
        assertThat(shared.client(A, progress.replace("'t'", "'u'"))).containsExactly("dropped: FOREIGN");
        // The same id again, while it is open
        assertThat(shared.server("{'id':7,'method':'roots/list'}")).containsExactly("dropped: NO_MESSAGE");
        assertThat(shared.client(A, "{'id':1,'error':{'code':1}}"))
                .containsExactly("server < {'id':7,'error':{'code':1}}");
        assertThat(shared.client(A, "{'id':1,'result':{}}")).containsExactly("dropped: NOBODYS");
        assertThat(shared.client(A, progress)).containsExactly("dropped: FOREIGN");
        assertThat(shared.server("{'id':7,'method':'roots/list'}"))
                .containsExactly("asks: {'id':7,'method':'roots/list'}");
    }

    @Test
    void theServerCancelsWhatItHasAsked() {
        ask(B, "{'id':'q','method':'elicitation/create','params':{'elicitationId':'e'}}");
        String cancel = "{'method':'notifications/cancelled','params':{'requestId':%s}}";
        assertThat(shared.server(cancel.formatted("'other'"))).containsExactly("dropped: NOBODYS");
        String complete = "{'method':'notifications/elicitation/complete','params':{'elicitationId':'e'}}";
        assertThat(shared.server(complete)).containsExactly("2 < " + complete);
        assertThat(shared.server(cancel.formatted("'q'"))).containsExactly("2 < " + cancel.formatted("1"));
        assertThat(shared.client(B, "{'id':1,'result':{}}")).containsExactly("dropped: NOBODYS");
        shared.client(A, call("9"));
        assertThat(shared.server(cancel.formatted("1"))).containsExactly("dropped: NOBODYS");
    }

    @Test
    void aPingOfTheServersIsAnswered() {
        assertThat(shared.server("{'id':'p','method':'ping'}"))
                .containsExactly("server < {'jsonrpc':'2.0','id':'p','result':{}}");
        assertThat(shared.client(A, "{'id':3,'method':'ping'}")).containsExactly("server < {'id':1,'method':'ping'}");
    }

    /** Row 29, the part that needs no process. */
    @Test
    void aTaskIsItsOwnersAlone() {
        shared.client(A, call("1"));
        assertThat(shared.server("{'id':1,'result':{'task':{'taskId':'t'}}}"))
                .containsExactly("1 < {'id':1,'result':{'task':{'taskId':'t'}}}");
        String get = "{'id':2,'method':'tasks/get','params':{'taskId':'t'}}";
        assertThat(shared.client(B, get)).singleElement().asString().contains("-32602");
        assertThat(shared.client(A, get)).containsExactly("server < " + get);
        String status = "{'method':'notifications/tasks/status','params':{'taskId':'%s'}}";
        assertThat(shared.server(status.formatted("t"))).containsExactly("1 < " + status.formatted("t"));
        assertThat(shared.server(status.formatted("u"))).containsExactly("dropped: NOBODYS");
        String asks = "{'id':9,'method':'elicitation/create','params':{'_meta':{'io.modelcontextprotocol/related-task':"
                + "{'taskId':'%s'}}}}";
        assertThat(shared.server(asks.formatted("t")))
                .containsExactly("1 < " + asks.formatted("t").replace(":9,", ":1,"));
        assertThat(shared.server(asks.formatted("u").replace(":9,", ":8,")))
                .singleElement()
                .asString()
                .startsWith("server < {'jsonrpc':'2.0','id':8,'error':{'code':-32602");
        shared.client(A, call("3"));
        shared.routes.detach(A);
        shared.next();
        // It goes on without its owner, nobody else gets it, and who asks about it is told
        assertThat(shared.server(asks.formatted("t").replace(":9,", ":7,")))
                .singleElement()
                .asString()
                .startsWith("server < {'jsonrpc':'2.0','id':7,'error':{'code':-32602");
        assertThat(shared.client(B, get)).singleElement().asString().contains("-32602");
    }

    @Test
    @DisplayName(
            "Row 29: what is to become a task is not cancelled when its client leaves, and nobody who comes gets it")
    void aTaskIsNotCancelledWhenItsClientLeaves() {
        String task = "{'jsonrpc':'2.0','id':%d,'method':'tools/call','params':{'name':'n','task':{'ttl':60000}}}";
        shared.client(A, call("1"));
        shared.client(A, task.formatted(2));
        shared.routes.detach(A);
        assertThat(shared.next())
                .containsExactly(
                        "server < {'jsonrpc':'2.0','method':'notifications/cancelled','params':{'requestId':1,"
                                + "'reason':'client detached'}}",
                        "goes on: 2");
        assertThat(shared.server("{'id':2,'result':{'task':{'taskId':'t'}}}")).containsExactly("late: 2");
        int returned = B + 1;
        for (String method : List.of("tasks/get", "tasks/result", "tasks/cancel")) {
            assertThat(shared.client(returned, "{'id':1,'method':'" + method + "','params':{'taskId':'t'}}"))
                    .singleElement()
                    .asString()
                    .startsWith(returned + " < ")
                    .contains("-32602");
        }
        // Its client may still say so itself.
        shared.client(B, task.formatted(3));
        assertThat(shared.client(B, "{'method':'notifications/cancelled','params':{'requestId':3}}"))
                .containsExactly("server < {'method':'notifications/cancelled','params':{'requestId':3}}");
    }

    /** Row 19. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Server started on port 3000",
                "",
                "{'id':1,'result':",
                "\ufeff{'id':1,'result':{}}",
                "{'id':1,'id':1,'result':{}}",
                "{'id':1,'result':{},'method':'m'}",
                "{'result':{}} x",
                "{}",
                "[1]",
                "7"
            })
    void whatTheServerPrintsReachesNobody(String line) {
        shared.client(A, call("1"));
        assertThat(shared.server(line)).containsExactly("dropped: NO_MESSAGE");
        assertThat(shared.server("{'id':1,'result':{}}")).hasSize(1);
    }

    @Test
    void eachMessageOfAServersBatchGoesItsWay() {
        shared.client(A, call("1"));
        shared.client(B, call("1"));
        assertThat(shared.server(
                        "[{'id':2,'result':{}}, {'id':1,'result':[]},{'method':'notifications/tools/list_changed'}]"))
                .containsExactly(
                        "2 < {'id':1,'result':{}}",
                        "1 < {'id':1,'result':[]}",
                        "all < {'method':'notifications/tools/list_changed'}");
    }

    /** Row 30. */
    @Test
    void subscriptionsOfOneNameAreTwo() {
        String listen = "{'id':1,'method':'subscriptions/listen'}";
        shared.client(A, listen);
        shared.client(B, listen);
        String event = "{'method':'notifications/resources/updated','params':{'uri':'u','_meta':{"
                + "'io.modelcontextprotocol/subscriptionId':%d}}}";
        assertThat(shared.server(event.formatted(2))).containsExactly("2 < " + event.formatted(1));
        assertThat(shared.server(event.formatted(1))).containsExactly("1 < " + event.formatted(1));
        assertThat(shared.server(event.formatted(3))).containsExactly("dropped: NOBODYS");
        String cancel = "{'method':'notifications/cancelled','params':{'requestId':%d}}";
        assertThat(shared.client(A, cancel.formatted(1))).containsExactly("server < " + cancel.formatted(1));
        assertThat(shared.server(event.formatted(1))).containsExactly("dropped: NOBODYS");
        assertThat(shared.server(event.formatted(2))).containsExactly("2 < " + event.formatted(1));
        assertThat(shared.server("{'id':2,'result':{'_meta':{'io.modelcontextprotocol/subscriptionId':2}}}"))
                .containsExactly("2 < {'id':1,'result':{'_meta':{'io.modelcontextprotocol/subscriptionId':1}}}");
        shared.client(A, listen);
        assertThat(shared.server(cancel.formatted(3))).containsExactly("1 < " + cancel.formatted(1));
        assertThat(shared.server(event.formatted(3))).containsExactly("dropped: NOBODYS");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'id':1,'method':'initialize'} | host: INITIALIZE of 1",
                "{'id':1,'method':'\\u0069nitialize'} | host: INITIALIZE of 1",
                "{'method':'notifications/initialized'} | host: INITIALIZED of 1",
                "{'id':1,'method':'server/discover'} | host: DISCOVER of 1",
                "{'id':1,'method':'logging/setLevel'} | host: SET_LEVEL of 1",
                "{'id':1,'method':'resources/subscribe'} | host: SUBSCRIBE of 1",
                "{'id':1,'method':'resources/unsubscribe'} | host: UNSUBSCRIBE of 1",
                "{'method':'notifications/roots/list_changed'} | host: ROOTS_CHANGED of 1",
                "{'method':'notifications/x','params':{'y':1}} | server < {'method':'notifications/x','params':{'y':1}}",
                "{'method':'notifications/x','params':{'requestId':1}} | dropped: UNKNOWN_OWNER",
                "{'method':'notifications/x','params':{'_meta':{'progressToken':1}}} | dropped: UNKNOWN_OWNER",
                "{'method':'notifications/cancelled'} | dropped: NOBODYS",
                "{'method':'notifications/progress'} | dropped: FOREIGN",
            })
    void whatAClientSaysToTheHostIsNotForwarded(String line, String expected) {
        assertThat(shared.client(A, line)).containsExactly(expected);
    }

    /** Section 7.3. */
    @Test
    void anEndedServersRequestsAreAnsweredAndNothingIsSentAgain() {
        shared.client(A, call("'a'"));
        shared.client(B, call("2"));
        ask(B, "{'id':'q','method':'elicitation/create'}");
        shared.routes.serverEnded(wireId -> false);
        assertThat(shared.next())
                .containsExactly(
                        lost(A, "'a'"),
                        lost(B, "2"),
                        "2 < {'jsonrpc':'2.0','method':'notifications/cancelled','params':{'requestId':1,'reason':'the"
                                + " server ended'}}");
        // Numbers go on: what a late answer means is never in doubt
        assertThat(shared.client(A, call("'a'"))).containsExactly("server < " + call("3"));
        assertThat(shared.server("{'id':1,'result':{}}")).containsExactly("late: 1");
        assertThat(shared.client(B, "{'id':1,'result':{}}")).containsExactly("dropped: NOBODYS");
        String asksAgain = "{'id':'q','method':'elicitation/create'}";
        assertThat(shared.server(asksAgain)).containsExactly("asks: " + asksAgain);
    }

    private static String lost(int client, String id) {
        return client + " < {'jsonrpc':'2.0','id':" + id + ",'error':{'code':-32000,'message':'the server ended while"
                + " this request was running; it may have had an effect','data':{'holdfast':{'reason':'server-ended'}}}}";
    }
}
