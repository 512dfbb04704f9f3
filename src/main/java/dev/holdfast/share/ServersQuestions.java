package dev.holdfast.share;

import dev.holdfast.json.Envelope;
import dev.holdfast.settings.ShareRequests;
import java.util.OptionalInt;

/** Who is asked what the server asks, when that does not say whom it means. */
final class ServersQuestions {
    private final ShareRequests rule;
    private final Clients clients;
    private final Handshake handshake;
    private final Callers callers;
    private final Routes routes;

    ServersQuestions(ShareRequests rule, Clients clients, Handshake handshake, Callers callers, Routes routes) {
        this.rule = rule;
        this.clients = clients;
        this.handshake = handshake;
        this.callers = callers;
        this.routes = routes;
    }

    /** Asks the only client that it can be about; a guess would show one client's question to another. */
    void take(byte[] line, Envelope request) {
        OptionalInt only = callers.only();
        Client client = only.isPresent() ? clients.get(only.getAsInt()) : null;
        boolean mayBeAsked = rule == ShareRequests.ONE_CALLER && !handshake.isModern();
        if (mayBeAsked && client != null && !client.hasEnded() && client.said().answers(Messages.method(request))) {
            routes.ask(client.number(), line, request);
        } else {
            routes.refuse(line, request, Errors.METHOD_NOT_FOUND, "a shared server has nobody to ask");
        }
    }
}
