package dev.holdfast.share;

import dev.holdfast.json.Batch;
import dev.holdfast.json.Envelope;
import dev.holdfast.json.Envelope.Member;
import dev.holdfast.json.Splice;
import dev.holdfast.share.RouteListener.Drop;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What becomes of the clients' messages. */
final class ClientRoutes {
    private static final int MOST_NONSENSE = 10;

    private final OpenRequests requests;
    private final RouteListener listener;
    private final Map<Integer, Integer> nonsense = new HashMap<>();

    ClientRoutes(OpenRequests requests, RouteListener listener) {
        this.requests = requests;
        this.listener = listener;
    }

    /**
     * Takes a line of a client's.
     *
     * @param client whose; a number that no other client ever has
     * @param line without its end
     */
    void take(int client, byte[] line) {
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
        if (requests.wireId(client, id.get()) != null) {
            listener.toClient(client, invalid(json, "a request with this id is open"));
            return;
        }
        String method = Messages.method(message);
        Optional<HostMethod> ofHost = HostMethod.of(method);
        if (ofHost.isPresent()) {
            listener.forHost(client, ofHost.get(), line, message);
        } else if (method.equals("tasks/list")) {
            String why = "a shared server does not list tasks: they are of several clients";
            listener.toClient(client, Errors.answer(json, Errors.METHOD_NOT_FOUND, why));
        } else if (!ownsTasks(client, method, message)) {
            listener.toClient(client, Errors.answer(json, Errors.INVALID_PARAMS, "there is no such task"));
        } else if (listener.admits(client, id.get(), message)) {
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
        return id.isPresent() && Integer.valueOf(client).equals(requests.ownerOfTask(id.get()));
    }

    /**
     * Gives a client's request to the server: for {@link #take}, and for the host, once it has looked at one of its own
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
        String method = Messages.method(message);
        long wireId = requests.open(new OpenRequests.Request(
                client, id, token, method, message.has(Member.META_LOG_LEVEL), message.has(Member.PARAMS_TASK)));
        String number = Long.toString(wireId);
        byte[] sent = new Splice(line, message)
                .replace(Member.ID, number)
                .replace(Member.META_PROGRESS_TOKEN, number)
                .bytes();
        listener.request(client, wireId, sent, message);
    }

    private void notification(int client, byte[] line, Envelope message) {
        String method = Messages.method(message);
        Optional<HostMethod> ofHost = HostMethod.of(method);
        if (ofHost.isPresent()) {
            listener.forHost(client, ofHost.get(), line, message);
        } else if (method.equals(Messages.CANCELLED)) {
            cancelOwn(client, line, message);
        } else if (method.equals(Messages.PROGRESS)) {
            Optional<RawValue> token = RawValue.of(line, message, Member.PARAMS_PROGRESS_TOKEN);
            if (token.isPresent() && isAskedFor(client, token.get())) {
                listener.toServer(line);
            } else {
                listener.dropped(Drop.FOREIGN);
            }
        } else if (Messages.namesAParty(message)) {
            listener.dropped(Drop.UNKNOWN_OWNER);
        } else {
            listener.notification(client, line);
        }
    }

    private void cancelOwn(int client, byte[] line, Envelope message) {
        Optional<RawValue> id = RawValue.of(line, message, Member.PARAMS_REQUEST_ID);
        Long wireId = id.isEmpty() ? null : requests.wireId(client, id.get());
        if (wireId == null) {
            listener.dropped(Drop.NOBODYS); // forwarded as it is, it could hit another client's
            return;
        }
        requests.close(wireId);
        listener.cancelled(
                wireId,
                new Splice(line, message)
                        .replace(Member.PARAMS_REQUEST_ID, Long.toString(wireId))
                        .bytes());
    }

    private boolean isAskedFor(int client, RawValue token) {
        for (OpenRequests.Question each : requests.questions().values()) {
            if (each.client() == client
                    && each.token().isPresent()
                    && each.token().get().key().equals(token.key())) {
                return true;
            }
        }
        return false;
    }

    private void answer(int client, byte[] line, Envelope message) {
        long number = RawValue.ours(line, message, Member.ID);
        OpenRequests.Question question = requests.question(number);
        if (question == null || question.client() != client) {
            listener.dropped(question == null ? Drop.NOBODYS : Drop.FOREIGN);
            return;
        }
        requests.closeQuestion(number);
        listener.toServer(new Splice(line, message)
                .replace(Member.ID, question.id().json())
                .bytes());
    }

    /** A client is gone. */
    void forget(int client) {
        nonsense.remove(client);
    }
}
