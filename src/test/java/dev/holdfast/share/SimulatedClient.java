package dev.holdfast.share;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One of the clients of {@link SimulatedShare}: knows what it has asked for, and takes no answer but its own. */
final class SimulatedClient {
    static final String HANDSHAKE = "initialize";

    final Client client;
    /** What it waits for, by its ids, and by what word it knows the answer. */
    final Map<Integer, String> open = new HashMap<>();

    private final Set<Integer> over = new HashSet<>();
    /** What it was asked, and has not answered. */
    final List<String> questions = new ArrayList<>();

    boolean isInitialized;
    /** It has asked for log messages, or to be told of changes. */
    boolean wantsLog;

    boolean wantsUpdates;
    boolean hasEnded;
    int results;
    private int lastId = -1;

    SimulatedClient(Client client) {
        this.client = client;
    }

    int nextId(String word) {
        open.put(++lastId, word);
        return lastId;
    }

    /** It gives up one request: no answer is right from now on. */
    void givesUp(int id) {
        open.remove(id);
        over.add(id);
    }

    /** Takes all that has come. */
    void read() {
        for (byte[] line = client.outgoing().first();
                line != null;
                line = client.outgoing().first()) {
            client.outgoing().written(line.length + 1 - client.outgoing().offset());
            hear(SimulatedShare.json(line));
        }
    }

    private void hear(JsonNode message) {
        if (message.path("method").asText().equals("notifications/cancelled")) {
            boolean wasAsked =
                    questions.remove(message.path("params").path("requestId").asText());
            assertThat(wasAsked || hasEnded)
                    .as("%s is cancelled, and was asked", message)
                    .isTrue();
        } else if (message.path("method").asText().equals("notifications/progress")) {
            int token = message.path("params").path("progressToken").asInt(-1);
            assertThat(open.get(token))
                    .as("%s at client %d", message, client.number())
                    .isEqualTo(message.path("params").path("message").asText());
        } else if (message.path("method").asText().equals(Messages.LOGGED)) {
            assertThat(wantsLog)
                    .as("client %d wants %s", client.number(), message)
                    .isTrue();
        } else if (message.path("method").asText().equals(Messages.UPDATED)) {
            assertThat(wantsUpdates)
                    .as("client %d wants %s", client.number(), message)
                    .isTrue();
        } else if (message.has("method") && message.has("id")) {
            questions.add(message.path("id").asText());
        } else if (!message.has("method") && !message.path("id").isNull()) {
            answer(message);
        }
    }

    private void answer(JsonNode message) {
        int id = message.path("id").asInt(-1);
        assertThat(over).as("%s is an answer to what is over", message).doesNotContain(id);
        String word = open.remove(id);
        assertThat(word)
                .as("%s is an answer to client %d", message, client.number())
                .isNotNull();
        over.add(id);
        if (!message.has("result")) {
            return;
        }
        results++;
        if (HANDSHAKE.equals(word)) {
            isInitialized = true;
            assertThat(message.path("result").has("protocolVersion")).isTrue();
        } else {
            assertThat(message.path("result").path("word").asText()).isEqualTo(word);
        }
    }
}
