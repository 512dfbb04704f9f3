package dev.holdfast.share;

import dev.holdfast.json.Batch;
import dev.holdfast.json.Envelope;
import dev.holdfast.json.Envelope.Member;
import dev.holdfast.json.Splice;
import dev.holdfast.share.RouteListener.Drop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whose each message is, between several clients and one server. Request ids, progress tokens and subscription ids of the
 * clients are replaced by numbers of this host's own, which never come again, and put back in what comes for them; both ways,
 * and wherever they occur. Answers to what the server asks are taken from who was asked alone.
 *
 * <p>Pure: reads no clock and does no input or output. Takes time in proportion to a message's length, and throws for none.
 * Not safe for use by several threads.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/basic">Model Context Protocol, Base protocol</a>
 */
final class Routes {
    private static final int MOST_NONSENSE = 10;
    private static final String LISTEN = "subscriptions/listen";
    private static final String CANCELLED = "notifications/cancelled";
    private static final String PROGRESS = "notifications/progress";
    /** What names a party: a notification that nobody here knows must have none of them. */
    private static final List<Member> PARTIES = List.of(
            Member.PARAMS_PROGRESS_TOKEN,
            Member.PARAMS_REQUEST_ID,
            Member.PARAMS_TASK_ID,
            Member.PARAMS_ELICITATION_ID,
            Member.META_PROGRESS_TOKEN,
            Member.META_SUBSCRIPTION_ID,
            Member.META_RELATED_TASK);

    private final RouteListener listener;
    private final Map<Long, Open> open = new LinkedHashMap<>();
    private final Map<Caller, Long> wireIds = new HashMap<>();
    private final Map<Long, Asked> asked = new LinkedHashMap<>();
    private final Map<String, Long> askedIds = new HashMap<>();
    private final Map<String, Integer> taskOwners = new HashMap<>();
    private final Map<String, Integer> elicited = new HashMap<>();
    private final Map<Integer, Integer> nonsense = new HashMap<>();
    private long nextWireId = 1;
    private long nextAskedId = 1;

    /** Nobody is connected yet. */
    Routes(RouteListener listener) {
        this.listener = listener;
    }

    /** Who calls a request what. */
    private record Caller(int client, String id) {}

    /** A client's request that the server has not answered. */
    private record Open(int client, RawValue id, Optional<RawValue> token, String method) {}

    /** A request of the server's that a client has not answered. */
    private record Asked(int client, RawValue id, Optional<RawValue> token) {}

    /**
     * Takes a line of a client's.
     *
     * @param client whose; a number that no other client ever has
     * @param line without its end
     */
    void fromClient(int client, byte[] line) {
        Optional<Envelope> found = Envelope.of(line);
        if (found.isEmpty()) {
            boolean isBatch = Batch.of(line).isPresent();
            listener.toClient(
                    client,
                    isBatch
                            ? invalid(Errors.NO_ID, "batches are not forwarded by a shared server")
                            : Errors.answer(Errors.NO_ID, Errors.PARSE, "this is no message of JSON-RPC"));
            if (nonsense.merge(client, 1, Integer::sum) == MOST_NONSENSE) {
                listener.talksNonsense(client);
            }
            return;
        }
        nonsense.remove(client);
        Envelope message = found.get();
        boolean isAnswer = message.has(Member.RESULT) || message.has(Member.ERROR);
        if (message.hasRepeated()) {
            listener.toClient(client, invalid(Errors.NO_ID, "a member that tells whose this is stands twice in it"));
        } else if (message.isString(Member.METHOD) && !isAnswer) {
            if (message.has(Member.ID)) {
                request(client, line, message);
            } else {
                notification(client, line, message);
            }
        } else if (isAnswer && !message.has(Member.METHOD)) {
            answer(client, line, message);
        } else {
            listener.toClient(client, invalid(Errors.NO_ID, "this is neither a request nor an answer"));
        }
    }

    private static byte[] invalid(String id, String why) {
        return Errors.answer(id, Errors.INVALID_REQUEST, why);
    }

    private void request(int client, byte[] line, Envelope message) {
        Optional<RawValue> id = RawValue.of(line, message, Member.ID);
        if (id.isEmpty()) {
            listener.toClient(client, invalid(Errors.NO_ID, "an id is a string or an integer"));
            return;
        }
        String json = id.get().json();
        if (wireIds.containsKey(new Caller(client, id.get().key()))) {
            listener.toClient(client, invalid(json, "a request with this id is open"));
            return;
        }
        String method = method(message);
        Optional<HostMethod> ofHost = HostMethod.of(method);
        if (ofHost.isPresent()) {
            listener.forHost(client, ofHost.get(), line, message);
        } else if (method.equals("tasks/list")) {
            String why = "a shared server does not list tasks: they are of several clients";
            listener.toClient(client, Errors.answer(json, Errors.METHOD_NOT_FOUND, why));
        } else if (!ownsTasks(client, method, message)) {
            listener.toClient(client, Errors.answer(json, Errors.INVALID_PARAMS, "there is no such task"));
        } else {
            forward(client, line, message);
        }
    }

    /** A task is named by who may see its result: that of another client is as one that never was. */
    private boolean ownsTasks(int client, String method, Envelope message) {
        boolean isOfTask = method.startsWith("tasks/");
        return (!isOfTask || owns(client, message, Member.PARAMS_TASK_ID))
                && (!message.has(Member.META_RELATED_TASK) || owns(client, message, Member.META_RELATED_TASK_ID));
    }

    private boolean owns(int client, Envelope message, Member task) {
        Optional<String> id = message.text(task);
        return id.isPresent() && Integer.valueOf(client).equals(taskOwners.get(id.get()));
    }

    /**
     * Gives a client's request to the server: for {@link #fromClient}, and for the host, once it has looked at one of its own
     * methods. Its id must be valid and not open.
     */
    void forward(int client, byte[] line, Envelope message) {
        RawValue id = RawValue.of(line, message, Member.ID).orElseThrow();
        Optional<RawValue> token = RawValue.of(line, message, Member.META_PROGRESS_TOKEN);
        if (token.isEmpty() && message.has(Member.META_PROGRESS_TOKEN)) {
            String why = "a progress token is a string or an integer";
            listener.toClient(client, Errors.answer(id.json(), Errors.INVALID_PARAMS, why));
            return;
        }
        long wireId = nextWireId++;
        String method = method(message);
        open.put(wireId, new Open(client, id, token, method));
        wireIds.put(new Caller(client, id.key()), wireId);
        String number = Long.toString(wireId);
        byte[] sent = new Splice(line, message)
                .replace(Member.ID, number)
                .replace(Member.META_PROGRESS_TOKEN, number)
                .bytes();
        listener.request(client, wireId, method, sent);
    }

    private void notification(int client, byte[] line, Envelope message) {
        String method = method(message);
        Optional<HostMethod> ofHost = HostMethod.of(method);
        if (ofHost.isPresent()) {
            listener.forHost(client, ofHost.get(), line, message);
        } else if (method.equals(CANCELLED)) {
            cancelOwn(client, line, message);
        } else if (method.equals(PROGRESS)) {
            Optional<RawValue> token = RawValue.of(line, message, Member.PARAMS_PROGRESS_TOKEN);
            if (token.isPresent() && isAskedFor(client, token.get())) {
                listener.toServer(line);
            } else {
                listener.dropped(Drop.FOREIGN);
            }
        } else if (namesAParty(message)) {
            listener.dropped(Drop.UNKNOWN_OWNER);
        } else {
            listener.toServer(line);
        }
    }

    private static boolean namesAParty(Envelope message) {
        for (Member party : PARTIES) {
            if (message.has(party)) {
                return true;
            }
        }
        return false;
    }

    private void cancelOwn(int client, byte[] line, Envelope message) {
        Optional<RawValue> id = RawValue.of(line, message, Member.PARAMS_REQUEST_ID);
        Long wireId =
                id.isEmpty() ? null : wireIds.get(new Caller(client, id.get().key()));
        if (wireId == null) {
            listener.dropped(Drop.NOBODYS); // forwarded as it is, it could hit another client's
            return;
        }
        close(wireId);
        listener.cancelled(
                wireId,
                new Splice(line, message)
                        .replace(Member.PARAMS_REQUEST_ID, Long.toString(wireId))
                        .bytes());
    }

    private boolean isAskedFor(int client, RawValue token) {
        for (Asked each : asked.values()) {
            if (each.client() == client
                    && each.token().isPresent()
                    && each.token().get().key().equals(token.key())) {
                return true;
            }
        }
        return false;
    }

    private void answer(int client, byte[] line, Envelope message) {
        Long number = RawValue.ours(line, message, Member.ID);
        Asked question = asked.get(number);
        if (question == null || question.client() != client) {
            listener.dropped(question == null ? Drop.NOBODYS : Drop.FOREIGN);
            return;
        }
        closeAsked(number, question);
        listener.toServer(new Splice(line, message)
                .replace(Member.ID, question.id().json())
                .bytes());
    }

    /**
     * Takes a line of the server's.
     *
     * @param line without its end
     */
    void fromServer(byte[] line) {
        Optional<Envelope> found = Envelope.of(line);
        if (found.isPresent()) {
            ofServer(line, found.get());
            return;
        }
        Optional<Batch> batch = Batch.of(line);
        if (batch.isEmpty()) {
            listener.dropped(Drop.NO_MESSAGE);
            return;
        }
        for (int i = 0; i < batch.get().size(); i++) {
            byte[] element = batch.get().bytes(i);
            Optional<Envelope> message = Envelope.of(element);
            if (message.isPresent()) {
                ofServer(element, message.get());
            } else {
                listener.dropped(Drop.NO_MESSAGE);
            }
        }
    }

    private void ofServer(byte[] line, Envelope message) {
        boolean isAnswer = message.has(Member.RESULT) || message.has(Member.ERROR);
        if (message.hasRepeated()) {
            listener.dropped(Drop.NO_MESSAGE);
        } else if (isAnswer && !message.has(Member.METHOD)) {
            answerOfServer(line, message);
        } else if (!message.isString(Member.METHOD) || isAnswer) {
            listener.dropped(Drop.NO_MESSAGE);
        } else if (message.has(Member.ID)) {
            requestOfServer(line, message);
        } else {
            notificationOfServer(line, message);
        }
    }

    private void answerOfServer(byte[] line, Envelope message) {
        Long wireId = RawValue.ours(line, message, Member.ID);
        Open request = open.get(wireId);
        if (request == null) {
            listener.late(wireId);
            return;
        }
        close(wireId);
        message.text(Member.RESULT_TASK_ID).ifPresent(task -> taskOwners.put(task, request.client()));
        Splice answer =
                new Splice(line, message).replace(Member.ID, request.id().json());
        if (RawValue.ours(line, message, Member.RESULT_SUBSCRIPTION_ID) == wireId) {
            answer.replace(Member.RESULT_SUBSCRIPTION_ID, request.id().json());
        }
        listener.answered(request.client(), wireId, answer.bytes());
    }

    private void requestOfServer(byte[] line, Envelope message) {
        Optional<RawValue> id = RawValue.of(line, message, Member.ID);
        if (id.isEmpty() || askedIds.containsKey(id.get().key())) {
            listener.dropped(Drop.NO_MESSAGE);
        } else if (method(message).equals("ping")) {
            listener.toServer(Errors.empty(id.get().json()));
        } else if (message.has(Member.META_RELATED_TASK)) {
            Integer owner =
                    taskOwners.get(message.text(Member.META_RELATED_TASK_ID).orElse(""));
            if (owner == null) {
                refuse(line, message, Errors.INVALID_PARAMS, "there is no such task");
            } else {
                ask(owner, line, message);
            }
        } else {
            listener.serverAsks(line, message);
        }
    }

    /** Has a client asked what the server asks; for the host, which has found out that it can only be this one. */
    void ask(int client, byte[] line, Envelope request) {
        RawValue id = RawValue.of(line, request, Member.ID).orElseThrow();
        long number = nextAskedId++;
        asked.put(number, new Asked(client, id, RawValue.of(line, request, Member.META_PROGRESS_TOKEN)));
        askedIds.put(id.key(), number);
        request.text(Member.PARAMS_ELICITATION_ID).ifPresent(elicitation -> elicited.put(elicitation, client));
        listener.toClient(
                client,
                new Splice(line, request)
                        .replace(Member.ID, Long.toString(number))
                        .bytes());
    }

    /** Answers what the server asks with an error. */
    void refuse(byte[] line, Envelope request, int code, String why) {
        String id = RawValue.of(line, request, Member.ID).orElseThrow().json();
        listener.toServer(Errors.answer(id, code, why));
    }

    private void notificationOfServer(byte[] line, Envelope message) {
        String method = method(message);
        if (message.has(Member.META_SUBSCRIPTION_ID)) {
            toOwner(line, message, Member.META_SUBSCRIPTION_ID);
            return;
        }
        switch (method) {
            case PROGRESS -> progress(line, message);
            case CANCELLED -> cancelOfServer(line, message);
            case "notifications/tasks/status" -> toClientOf(taskOwners, line, message, Member.PARAMS_TASK_ID);
            case "notifications/elicitation/complete" ->
                toClientOf(elicited, line, message, Member.PARAMS_ELICITATION_ID);
            default -> {
                if (namesAParty(message)) {
                    listener.dropped(Drop.UNKNOWN_OWNER);
                } else {
                    listener.announced(method, line, message);
                }
            }
        }
    }

    private void toOwner(byte[] line, Envelope message, Member number) {
        Open request = open.get(RawValue.ours(line, message, number));
        if (request == null) {
            listener.dropped(Drop.NOBODYS);
            return;
        }
        listener.toClient(
                request.client(),
                new Splice(line, message).replace(number, request.id().json()).bytes());
    }

    private void progress(byte[] line, Envelope message) {
        Open request = open.get(RawValue.ours(line, message, Member.PARAMS_PROGRESS_TOKEN));
        if (request == null || request.token().isEmpty()) {
            listener.dropped(Drop.NOBODYS);
            return;
        }
        String token = request.token().get().json();
        listener.toClient(
                request.client(),
                new Splice(line, message)
                        .replace(Member.PARAMS_PROGRESS_TOKEN, token)
                        .bytes());
    }

    private void cancelOfServer(byte[] line, Envelope message) {
        Optional<RawValue> id = RawValue.of(line, message, Member.PARAMS_REQUEST_ID);
        Long number = id.isEmpty() ? null : askedIds.get(id.get().key());
        Asked question = number == null ? null : asked.get(number);
        if (number != null && question != null) {
            closeAsked(number, question);
            listener.toClient(
                    question.client(),
                    new Splice(line, message)
                            .replace(Member.PARAMS_REQUEST_ID, Long.toString(number))
                            .bytes());
            return;
        }
        Long wireId = RawValue.ours(line, message, Member.PARAMS_REQUEST_ID);
        Open request = open.get(wireId);
        if (request == null || !request.method().equals(LISTEN)) {
            listener.dropped(Drop.NOBODYS);
            return;
        }
        toOwner(line, message, Member.PARAMS_REQUEST_ID);
        close(wireId);
    }

    private void toClientOf(Map<String, Integer> owners, byte[] line, Envelope message, Member member) {
        Integer owner = owners.get(message.text(member).orElse(""));
        if (owner == null) {
            listener.dropped(Drop.NOBODYS);
        } else {
            listener.toClient(owner, line);
        }
    }

    /** A client is gone: nothing comes for it any more, and the server is told that its requests are of no use. */
    void detach(int client) {
        nonsense.remove(client);
        for (Map.Entry<Long, Open> each : new ArrayList<>(open.entrySet())) {
            if (each.getValue().client() == client) {
                close(each.getKey());
                listener.cancelled(each.getKey(), Errors.cancelled(Long.toString(each.getKey()), "client detached"));
            }
        }
        for (Map.Entry<Long, Asked> each : new ArrayList<>(asked.entrySet())) {
            if (each.getValue().client() == client) {
                closeAsked(each.getKey(), each.getValue());
                listener.toServer(Errors.answer(each.getValue().id().json(), Errors.HOST, "client detached"));
            }
        }
        elicited.values().removeIf(owner -> owner == client);
    }

    /**
     * The server is gone: each open request is answered, and nothing is sent again, since it may have had an effect. A next
     * server knows nothing of tasks and of what this one has asked.
     */
    void serverEnded() {
        List<Map.Entry<Long, Open>> lost = new ArrayList<>(open.entrySet());
        for (Map.Entry<Long, Open> each : lost) {
            Open request = each.getValue();
            close(each.getKey());
            String why = "the server ended while this request was running; it may have had an effect";
            listener.answered(
                    request.client(),
                    each.getKey(),
                    Errors.answer(request.id().json(), Errors.HOST, why, "server-ended"));
        }
        for (Map.Entry<Long, Asked> each : asked.entrySet()) {
            listener.toClient(
                    each.getValue().client(), Errors.cancelled(Long.toString(each.getKey()), "the server ended"));
        }
        asked.clear();
        askedIds.clear();
        taskOwners.clear();
        elicited.clear();
    }

    /** How many requests of a client the server has not answered. */
    int openOf(int client) {
        int count = 0;
        for (Open each : open.values()) {
            count += each.client() == client ? 1 : 0;
        }
        return count;
    }

    private void close(long wireId) {
        Open request = open.remove(wireId);
        if (request != null) {
            wireIds.remove(new Caller(request.client(), request.id().key()));
        }
    }

    private void closeAsked(long number, Asked question) {
        asked.remove(number);
        askedIds.remove(question.id().key());
    }

    private static String method(Envelope message) {
        return message.text(Member.METHOD).orElse("");
    }
}
