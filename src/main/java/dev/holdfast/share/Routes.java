package dev.holdfast.share;

import dev.holdfast.json.Envelope;
import java.util.Objects;

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

    /** Answers a client's open request with an error: it is not, or not any more, at the server. */
    void refuseOpen(long wireId, int code, String why, String reason) {
        OpenRequests.Request request = requests.request(wireId);
        if (request != null) {
            requests.close(wireId);
            listener.over(wireId, Counters.Outcome.REFUSED);
            listener.answered(
                    request.client(), wireId, Errors.answer(request.id().json(), code, why, reason));
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

    /** A client is gone: nothing comes for it any more, and the server is told that its requests are of no use. */
    void detach(int client) {
        ofClients.forget(client);
        for (long wireId : requests.requestsOf(client)) {
            requests.close(wireId);
            listener.cancelled(wireId, Errors.cancelled(Long.toString(wireId), "client detached"));
        }
        requests.questions().forEach((number, question) -> {
            if (question.client() == client) {
                requests.closeQuestion(number);
                listener.toServer(Errors.answer(question.id().json(), Errors.HOST, "client detached"));
            }
        });
        requests.forgetOwnedBy(client);
    }

    /**
     * The server is gone: each open request is answered, and nothing is sent again, since it may have had an effect. A next
     * server knows nothing of tasks and of what this one has asked.
     */
    void serverEnded() {
        for (long wireId : requests.requests()) {
            OpenRequests.Request request = Objects.requireNonNull(requests.request(wireId));
            requests.close(wireId);
            listener.over(wireId, Counters.Outcome.LOST);
            String why = "the server ended while this request was running; it may have had an effect";
            listener.answered(
                    request.client(), wireId, Errors.answer(request.id().json(), Errors.HOST, why, "server-ended"));
        }
        requests.questions()
                .forEach((number, question) -> listener.toClient(
                        question.client(), Errors.cancelled(Long.toString(number), "the server ended")));
        requests.forgetServer();
    }

    /** How many requests of a client the server has not answered. */
    int openOf(int client) {
        return requests.requestsOf(client).size();
    }
}
