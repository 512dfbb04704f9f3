package dev.holdfast.share;

import dev.holdfast.json.Envelope;
import dev.holdfast.settings.ShareLogs;
import java.util.Collection;
import java.util.Set;

/** Who gets what the server tells that is nobody's in particular. */
final class Announcements {
    private static final Set<String> LISTS_CHANGED = Set.of(
            "notifications/tools/list_changed",
            "notifications/prompts/list_changed",
            "notifications/resources/list_changed");

    private final ShareLogs logs;
    private final OneState state;
    private final Clients clients;
    private final Handshake handshake;
    private final Routes routes;

    Announcements(ShareLogs logs, Clients clients, Handshake handshake, Routes routes, OneState state) {
        this.logs = logs;
        this.state = state;
        this.clients = clients;
        this.handshake = handshake;
        this.routes = routes;
    }

    /** Gives it to whom it concerns; false when that is nobody. */
    boolean take(String method, byte[] line, Envelope notification) {
        if (handshake.isModern()) {
            return modern(method, line);
        }
        if (method.equals(Messages.UPDATED)) {
            return tell(state.audienceOfUpdate(notification), line);
        }
        if (method.equals(Messages.LOGGED)) {
            return logs == ShareLogs.OWN_LEVEL && tell(state.audienceOfLog(notification), line);
        }
        clients.tellAll(line);
        return true;
    }

    private boolean tell(Collection<Integer> audience, byte[] line) {
        audience.forEach(client -> clients.tell(client, line));
        return !audience.isEmpty();
    }

    /** Without a handshake, changes are told under a subscription's id, and log messages during a request that wants them. */
    private boolean modern(String method, byte[] line) {
        if (LISTS_CHANGED.contains(method) || method.equals(Messages.UPDATED)) {
            return false;
        }
        if (method.equals(Messages.LOGGED)) {
            routes.onlyLogged().ifPresent(client -> clients.tell(client, line));
            return routes.onlyLogged().isPresent();
        }
        clients.tellAll(line);
        return true;
    }
}
