package dev.holdfast.share;

import dev.holdfast.json.Envelope;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.LongPredicate;

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
    private static final String STOPPED =
            "the shared server was stopped while this request was running; it may have had an effect";

    private final OpenRequests requests = new OpenRequests();
    private final RouteListener listener;
    private final ClientRoutes ofClients;
    private final ServerRoutes ofServer;

    /** Nobody is connected yet. */
    Routes(RouteListener listener) {
        this.listener = listener;
        ofClients = new ClientRoutes(requests, listener);
        ofServer = new ServerRoutes(requests, listener);
    }

    /**
     * Takes a line of a client's.
     *
     * @param client whose; a number that no other client ever has
     * @param line without its end
     */
    void fromClient(int client, byte[] line) {
        ofClients.take(client, line);
    }

    /**
     * Gives a client's request to the server: for {@link #fromClient}, and for the host, once it has looked at one of its own
     * methods. Its id must be valid and not open.
     */
    void forward(int client, byte[] line, Envelope message) {
        ofClients.forward(client, line, message);
    }

    /** Opens a request of the host's own, whose answer comes as one for {@link OwnRequests#HOST}; its id at the server. */
    long openOwn(String method) {
        return requests.openOwn(method);
    }

    /**
     * Answers a client's open request in the host's own words: it is not, or not any more, at the server.
     *
     * @param outcome what has become of it
     * @param answer for the client's own id, as JSON
     */
    void answerOpen(long wireId, Counters.Outcome outcome, Function<String, byte[]> answer) {
        OpenRequests.Request request = requests.request(wireId);
        if (request != null) {
            requests.close(wireId);
            listener.over(wireId, outcome);
            listener.answered(
                    request.client(), wireId, answer.apply(request.id().json()));
        }
    }

    /**
     * Takes a line of the server's.
     *
     * @param line without its end
     */
    void fromServer(byte[] line) {
        ofServer.take(line);
    }

    /** Has a client asked what the server asks; for the host, which has found out that it can only be this one. */
    void ask(int client, byte[] line, Envelope request) {
        ofServer.ask(client, line, request);
    }

    /** Answers what the server asks with an error. */
    void refuse(byte[] line, Envelope request, int code, String why) {
        ofServer.refuse(line, request, code, why);
    }

    /**
     * A client is gone: nothing comes for it any more, and the server is told that its requests are of no use, but for its tasks.
     *
     * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/cancellation">Cancellation: of what
     *     is a task this notification must not be sent</a>
     */
    void detach(int client) {
        ofClients.forget(client);
        for (long wireId : requests.requestsOf(client)) {
            boolean isTask = Objects.requireNonNull(requests.request(wireId)).isTask();
            requests.close(wireId);
            if (isTask) {
                listener.abandoned(wireId);
            } else {
                listener.cancelled(wireId, Errors.cancelled(Long.toString(wireId), "client detached"));
            }
        }
        answersNothing(client);
        requests.forgetOwnedBy(client);
    }

    /** A client sends nothing more: what it was asked is answered for it. */
    void answersNothing(int client) {
        requests.questions().forEach((number, question) -> {
            if (question.client() == client) {
                requests.closeQuestion(number);
                listener.toServer(Errors.answer(question.id().json(), Errors.HOST, "client detached"));
            }
        });
    }

    /**
     * The server is gone: each request that was sent is answered, and is not sent again, since it may have had an effect. A next
     * server knows nothing of tasks and of what this one has asked.
     *
     * @param isUnsent tells of the requests that stay open, and go to the next one
     */
    void serverEnded(LongPredicate isUnsent) {
        answerAll(isUnsent.negate(), Errors.LOST, Errors.SERVER_ENDED);
        requests.questions()
                .forEach((number, question) -> listener.toClient(
                        question.client(), Errors.cancelled(Long.toString(number), "the server ended")));
        requests.forgetServer();
    }

    /**
     * Answers all that is open with an error, or ends it in good order.
     *
     * @param hasServerEnded whether the server has by itself, and was not stopped
     */
    void over(boolean hasServerEnded) {
        answerAll(
                wireId -> true,
                hasServerEnded ? Errors.LOST : STOPPED,
                hasServerEnded ? Errors.SERVER_ENDED : "server-stopping");
    }

    private void answerAll(LongPredicate which, String why, String reason) {
        for (long wireId : requests.requests()) {
            OpenRequests.Request request = requests.request(wireId);
            if (request != null && which.test(wireId)) { // an answer to the host's own may have answered others
                boolean isListening = request.method().equals(Messages.LISTEN);
                answerOpen(
                        wireId,
                        Counters.Outcome.LOST,
                        id -> isListening ? Errors.listened(id) : Errors.answer(id, Errors.HOST, why, reason));
            }
        }
    }

    /** Whose request is the only open one for which log messages are wanted; empty when there is none, or are several. */
    OptionalInt onlyLogged() {
        return requests.onlyLogged();
    }

    /** How many requests of a client the server has not answered. */
    int openOf(int client) {
        return requests.requestsOf(client).size();
    }

    /** Whether a client waits for an answer that comes by itself. */
    boolean isWaiting(int client) {
        return requests.requestsOf(client).stream()
                .anyMatch(wireId -> !Objects.requireNonNull(requests.request(wireId))
                        .method()
                        .equals(Messages.LISTEN));
    }
}
