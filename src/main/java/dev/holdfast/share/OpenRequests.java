package dev.holdfast.share;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for what: the clients' requests that the server has not answered, those of the server's that a client has not
 * answered, and whose each task and each elicitation is. Numbers never come again, so what comes late is never another's.
 */
final class OpenRequests {
    private final Map<Long, Request> requests = new LinkedHashMap<>();
    private final Map<Caller, Long> wireIds = new HashMap<>();
    private final Map<Long, Question> questions = new LinkedHashMap<>();
    private final Map<String, Long> questionIds = new HashMap<>();
    private final Map<String, Integer> taskOwners = new HashMap<>();
    private final Map<String, Integer> elicited = new HashMap<>();
    private long nextRequest = 1;
    private long nextQuestion = 1;

    /** Who calls a request what. Compared by hand: what a record has for it takes the JVM milliseconds to make, in the first call. */
    private record Caller(int client, String id) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Caller caller && caller.client == client && caller.id.equals(id);
        }

        @Override
        public int hashCode() {
            return 31 * client + id.hashCode();
        }
    }

    /**
     * A client's request that the server has not answered.
     *
     * @param wantsLogs whether it asks for log messages, as those without a handshake may
     * @param isTask whether it is to become a task, which goes on without its client
     */
    record Request(
            int client, RawValue id, Optional<RawValue> token, String method, boolean wantsLogs, boolean isTask) {}

    /** A request of the server's that a client has not answered. */
    record Question(int client, RawValue id, Optional<RawValue> token) {}

    /** Opens a client's request; its id at the server. */
    long open(Request request) {
        long wireId = nextRequest++;
        requests.put(wireId, request);
        wireIds.put(new Caller(request.client(), request.id().key()), wireId);
        return wireId;
    }

    /** Opens a request of the host's own; its id at the server. */
    long openOwn(String method) {
        String id = Long.toString(nextRequest);
        return open(new Request(OwnRequests.HOST, new RawValue(id, id), Optional.empty(), method, false, false));
    }

    /** The one with this id at the server; null when none is open. */
    @Nullable
    Request request(long wireId) {
        return requests.get(wireId);
    }

    /** The id at the server of what a client calls so; null when none is open. */
    @Nullable
    Long wireId(int client, RawValue id) {
        return wireIds.get(new Caller(client, id.key()));
    }

    void close(long wireId) {
        Request request = requests.remove(wireId);
        if (request != null) {
            wireIds.remove(new Caller(request.client(), request.id().key()));
        }
    }

    /** The ids at the server of a client's requests, the oldest first. */
    List<Long> requestsOf(int client) {
        List<Long> own = new ArrayList<>();
        requests.forEach((wireId, request) -> {
            if (request.client() == client) {
                own.add(wireId);
            }
        });
        return own;
    }

    /** All ids at the server, the oldest first. */
    List<Long> requests() {
        return new ArrayList<>(requests.keySet());
    }

    /** The client of the only one that wants log messages; empty when there is none, or are several. */
    OptionalInt onlyLogged() {
        List<Request> logged = new ArrayList<>(requests.values());
        logged.removeIf(each -> !each.wantsLogs());
        return logged.size() == 1 ? OptionalInt.of(logged.get(0).client()) : OptionalInt.empty();
    }

    /** Opens a request of the server's; its id at the client. */
    long open(Question question) {
        long number = nextQuestion++;
        questions.put(number, question);
        questionIds.put(question.id().key(), number);
        return number;
    }

    /** The one with this id at the client; null when none is open. */
    @Nullable
    Question question(long number) {
        return questions.get(number);
    }

    /** The id at the client of what the server calls so; null when none is open. */
    @Nullable
    Long questionId(RawValue id) {
        return questionIds.get(id.key());
    }

    void closeQuestion(long number) {
        Question question = questions.remove(number);
        if (question != null) {
            questionIds.remove(question.id().key());
        }
    }

    /** All that were asked, by their ids at the clients, the oldest first. */
    Map<Long, Question> questions() {
        return new LinkedHashMap<>(questions);
    }

    void ownTask(String task, int client) {
        taskOwners.put(task, client);
    }

    /** Null when it is nobody's. */
    @Nullable
    Integer ownerOfTask(String task) {
        return taskOwners.get(task);
    }

    void ownElicitation(String elicitation, int client) {
        elicited.put(elicitation, client);
    }

    /** Null when it is nobody's. */
    @Nullable
    Integer ownerOfElicitation(String elicitation) {
        return elicited.get(elicitation);
    }

    /** A client is gone. Its tasks go on at the server, and are nobody's: whoever comes in its place is another client. */
    void forgetOwnedBy(int client) {
        taskOwners.values().removeIf(owner -> owner == client);
        elicited.values().removeIf(owner -> owner == client);
    }

    /** A next server knows nothing of what this one has asked, and of its tasks. */
    void forgetServer() {
        questions.clear();
        questionIds.clear();
        taskOwners.clear();
        elicited.clear();
    }
}
