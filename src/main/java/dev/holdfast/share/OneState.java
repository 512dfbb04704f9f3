package dev.holdfast.share;

import dev.holdfast.json.Envelope;
import dev.holdfast.share.ToServer.Waiting;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Answers for the server what it has only once, and several clients have each: the level of its log messages, who is told of
 * a resource, and lists that are asked for at the same time. The server is asked in the host's own name.
 */
final class OneState {
    private final LogLevels levels;
    private final Subscriptions subscriptions;
    private final SameLists lists;
    /** Requests that are answered here. */
    private final Set<Long> taken = new HashSet<>();

    OneState(Routes routes, Asking server) {
        Saying answers = (client, line) -> routes.fromServer(line); // under the id at the server, as if from there
        levels = new LogLevels(server, answers);
        subscriptions = new Subscriptions(server, answers);
        lists = new SameLists(
                server, (wireId, answer) -> routes.fromServer(Errors.readdressed(answer, Long.toString(wireId))));
    }

    /**
     * Takes a request whose turn it is.
     *
     * @return whether it is answered here, and not to be written to the server
     */
    boolean takes(Waiting request) {
        Optional<HostMethod> method = HostMethod.of(request.method());
        boolean isOfState = method.isPresent() && request.revision().isEmpty() && request.wireId() > 0;
        boolean isList = request.method().endsWith("/list") && request.wireId() > 0;
        Envelope message = isOfState || isList ? Envelope.of(request.line()).orElse(null) : null;
        if (message == null || (isList && !SameLists.areFor(message))) {
            return false;
        }
        if (isList) {
            taken.add(request.wireId());
            boolean unused = lists.ask(request.wireId(), request.line(), message);
            return true;
        }
        return takes(request, method.orElseThrow(), message);
    }

    private boolean takes(Waiting request, HostMethod method, Envelope message) {
        String number = Long.toString(request.wireId());
        RawValue id = new RawValue(number, number);
        taken.add(request.wireId());
        switch (method) {
            case SET_LEVEL -> levels.set(request.client(), id, message);
            case SUBSCRIBE -> subscriptions.subscribe(request.client(), id, request.line(), message);
            case UNSUBSCRIBE -> subscriptions.unsubscribe(request.client(), id, request.line(), message);
            case INITIALIZE, INITIALIZED, DISCOVER, ROOTS_CHANGED -> taken.remove(request.wireId());
        }
        return method == HostMethod.SET_LEVEL || method == HostMethod.SUBSCRIBE || method == HostMethod.UNSUBSCRIBE;
    }

    /** A request is of no use any more; whether the server has never seen it under its own number. */
    boolean withdraw(long wireId) {
        boolean unused = lists.withdraw(wireId);
        return taken.remove(wireId);
    }

    /** A request is answered. */
    void answered(long wireId) {
        taken.remove(wireId);
    }

    /** Who gets a log message. */
    Collection<Integer> audienceOfLog(Envelope message) {
        return levels.audience(message);
    }

    /** Who is told that a resource has changed. */
    Collection<Integer> audienceOfUpdate(Envelope message) {
        return subscriptions.audience(message);
    }

    /**
     * A client is gone.
     *
     * @param serverTakes whether the server takes requests
     */
    void forget(int client, boolean serverTakes) {
        levels.forget(client, serverTakes);
        subscriptions.forget(client, serverTakes);
    }

    /** The server is gone. To be called before what it was asked is answered. */
    void serverEnded() {
        levels.serverEnded();
        subscriptions.serverEnded();
    }

    /** The next server takes requests, and knows nothing of what the one before was told. */
    void agreedAgain() {
        levels.agreed();
        subscriptions.agreed();
    }
}
