package dev.holdfast.share;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** The server of {@link SimulatedShare}: gets no request twice, and answers in any order. */
final class SimulatedServer {
    private final Random random;
    private final int mostCalls;
    private final long graceNanos;
    private final Set<String> seen = new HashSet<>();
    private final List<JsonNode> open = new ArrayList<>();
    /** Until when a call that was given up has its place. */
    private final Map<Long, Long> givenUp = new HashMap<>();
    /** What it has asked, and was not answered. */
    final Set<String> asked = new HashSet<>();

    private boolean isInitialized;
    private int generation;
    private int lastQuestion;

    SimulatedServer(Random random, int mostCalls, long graceNanos) {
        this.random = random;
        this.mostCalls = mostCalls;
        this.graceNanos = graceNanos;
    }

    /** Another one is started. */
    void starts() {
        generation++;
        open.clear();
        givenUp.clear();
        asked.clear();
        isInitialized = false;
    }

    boolean hasWork() {
        return !open.isEmpty();
    }

    void hear(JsonNode message, long now) {
        String method = message.path("method").asText();
        if (method.equals("initialize")) {
            assertThat(isInitialized).as("a second handshake").isFalse();
            isInitialized = true;
            open.add(message);
        } else if (!message.has("method")) {
            assertThat(asked.remove(message.path("id").asText()))
                    .as("%s answers what is open in generation %d", message, generation)
                    .isTrue();
        } else if (method.equals("notifications/cancelled")) {
            givenUp.put(message.path("params").path("requestId").asLong(), now + graceNanos);
        } else if (message.has("id")) {
            assertThat(isInitialized).as("%s before the handshake", message).isTrue();
            String word = word(message);
            assertThat(word.isEmpty() || seen.add(word))
                    .as("%s comes twice", word)
                    .isTrue();
            open.add(message);
            checkCalls(now);
        }
    }

    static String word(JsonNode message) {
        return message.path("params").path("word").asText();
    }

    private void checkCalls(long now) {
        long running = open.stream()
                .filter(each -> each.path("method").asText().equals("tools/call"))
                .filter(each -> givenUp.getOrDefault(each.path("id").asLong(), Long.MAX_VALUE) > now)
                .count();
        assertThat(mostCalls == 0 || running <= mostCalls)
                .as("%d calls run", running)
                .isTrue();
    }

    /** The answer to one of those that are open. */
    String answer() {
        JsonNode request = open.remove(random.nextInt(open.size()));
        long id = request.path("id").asLong();
        if (request.path("method").asText().equals("initialize")) {
            return SharedServer.AGREED.formatted(id);
        }
        return random.nextInt(8) == 0
                ? "{'jsonrpc':'2.0','id':" + id + ",'error':{'code':-32603,'message':'no'}}"
                : "{'jsonrpc':'2.0','id':" + id + ",'result':{'word':'" + word(request) + "'}}";
    }

    /** How far one of those is that are open. */
    String progress() {
        JsonNode request = open.get(random.nextInt(open.size()));
        JsonNode token = request.path("params").path("_meta").path("progressToken");
        return "{'jsonrpc':'2.0','method':'notifications/progress','params':{'progressToken':" + token.asLong(0)
                + ",'progress':1,'message':'" + word(request) + "'}}";
    }

    String question() {
        String id = "g" + generation + "-" + ++lastQuestion;
        asked.add(id);
        return "{'jsonrpc':'2.0','id':'" + id + "','method':'sampling/createMessage','params':{}}";
    }

    /** It does not want to know any more what it has asked. */
    String takesBack() {
        String id = asked.iterator().next();
        asked.remove(id);
        return "{'jsonrpc':'2.0','method':'notifications/cancelled','params':{'requestId':'" + id + "'}}";
    }

    String announcement() {
        List<String> all = List.of(
                "{'jsonrpc':'2.0','method':'notifications/tools/list_changed'}",
                "{'jsonrpc':'2.0','method':'notifications/message','params':{'level':'info','data':'x'}}",
                "{'jsonrpc':'2.0','method':'notifications/resources/updated','params':{'uri':'a:b'}}",
                "{'jsonrpc':'2.0','id':999999,'result':{}}",
                "Server started on port 3000",
                "{'half':");
        return all.get(random.nextInt(all.size()));
    }
}
