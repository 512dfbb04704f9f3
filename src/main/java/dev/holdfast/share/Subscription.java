package dev.holdfast.share;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Who has subscribed to one resource. One question at a time is with the server; who comes meanwhile waits for its answer. */
final class Subscription {
    private final String params;
    private final Asking server;
    private final Saying clients;
    private final Set<Integer> members = new TreeSet<>();
    private final Deque<Request> waiting = new ArrayDeque<>();
    private State state = State.OFF;
    private int generation;

    /**
     * Nobody has.
     *
     * @param uri JSON, one character for each byte
     */
    Subscription(String uri, Asking server, Saying clients) {
        params = "{\"uri\":" + uri + "}";
        this.server = server;
        this.clients = clients;
    }

    /** What the server takes to be so. */
    private enum State {
        OFF,
        SUBSCRIBING,
        ON,
        UNSUBSCRIBING
    }

    private record Request(int client, RawValue id, boolean isToSubscribe) {}

    void subscribe(int client, RawValue id) {
        waiting.add(new Request(client, id, true));
        next();
    }

    void unsubscribe(int client, RawValue id) {
        waiting.add(new Request(client, id, false));
        next();
    }

    private boolean isAsking() {
        return state == State.SUBSCRIBING || state == State.UNSUBSCRIBING;
    }

    private void next() {
        while (!isAsking() && !waiting.isEmpty()) {
            Request request = waiting.element();
            if (request.isToSubscribe() && state == State.OFF) {
                ask(State.SUBSCRIBING); // it stays first, and is answered like those that come meanwhile
                return;
            }
            waiting.remove();
            if (request.isToSubscribe()) {
                members.add(request.client());
                done(request);
            } else {
                leave(request);
            }
        }
        if (!isAsking() && state == State.ON && members.isEmpty()) {
            ask(State.UNSUBSCRIBING);
        }
    }

    /** The answer does not wait for the server: whatever that says, the client is not told of changes any more. */
    private void leave(Request request) {
        members.remove(request.client());
        done(request);
    }

    private void done(Request request) {
        clients.say(request.client(), Errors.empty(request.id().json()));
    }

    private void ask(State next) {
        state = next;
        int asked = generation;
        String method = next == State.SUBSCRIBING ? "resources/subscribe" : "resources/unsubscribe";
        server.send(method, params, answer -> {
            if (asked == generation) {
                answered(answer);
            }
        });
    }

    private void answered(byte[] answer) {
        if (state == State.UNSUBSCRIBING) {
            state = State.OFF;
        } else if (Messages.isResult(answer)) {
            state = State.ON;
        } else {
            state = State.OFF;
            members.clear(); // had been granted by the server before
            refuseAll(answer);
        }
        next();
    }

    private void refuseAll(byte[] answer) {
        for (Request each : takeWaiting()) {
            if (each.isToSubscribe()) {
                clients.say(each.client(), Errors.readdressed(answer, each.id().json()));
            } else {
                done(each);
            }
        }
    }

    private List<Request> takeWaiting() {
        List<Request> all = List.copyOf(waiting);
        waiting.clear();
        return all;
    }

    void forget(int client, boolean serverTakes) {
        members.remove(client);
        waiting.removeIf(request -> request.client() == client);
        if (serverTakes) {
            next();
        }
    }

    void serverEnded() {
        generation++;
        state = State.OFF;
        for (Request each : takeWaiting()) {
            clients.say(each.client(), Errors.lost(each.id().json()));
        }
    }

    void agreed() {
        if (state == State.OFF && !members.isEmpty()) {
            ask(State.SUBSCRIBING);
        }
    }

    boolean has(int client) {
        return members.contains(client)
                || waiting.stream().anyMatch(each -> each.client() == client && each.isToSubscribe());
    }

    Set<Integer> members() {
        return members;
    }

    /** Whether nobody is interested, and the server is asked nothing. */
    boolean isOver() {
        return members.isEmpty() && waiting.isEmpty() && state == State.OFF;
    }
}
