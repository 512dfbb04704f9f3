package dev.holdfast.share;

import dev.holdfast.json.Envelope;
import java.util.Set;

/** Who gets what the server tells that is nobody's in particular. */
final class Announcements {
    private static final Set<String> LISTS_CHANGED = Set.of(
            "notifications/tools/list_changed",
            "notifications/prompts/list_changed",
            "notifications/resources/list_changed");
    private static final String UPDATED = "notifications/resources/updated";
    private static final String LOGGED = "notifications/message";

    private final Clients clients;
    private final Handshake handshake;
    private final Routes routes;

    Announcements(Clients clients, Handshake handshake, Routes routes) {
        this.clients = clients;
        this.handshake = handshake;
        this.routes = routes;
    }

    /** Gives it to whom it concerns; false when that is nobody. */
    boolean take(String method, byte[] line, Envelope notification) {
        if (handshake.isModern()) {
            return modern(method, line);
        }
        clients.tellAll(line);
        return true;
    }

    /** Without a handshake, changes are told under a subscription's id, and log messages during a request that wants them. */
    private boolean modern(String method, byte[] line) {
        if (LISTS_CHANGED.contains(method) || method.equals(UPDATED)) {
            return false;
        }
        if (method.equals(LOGGED)) {
            routes.onlyLogged().ifPresent(client -> clients.tell(client, line));
            return routes.onlyLogged().isPresent();
        }
        clients.tellAll(line);
        return true;
    }
}
