package dev.holdfast.share;

import java.util.Optional;

/** What a client says to the host, and not to the server behind it. */
enum HostMethod {
    INITIALIZE("initialize"),
    INITIALIZED("notifications/initialized"),
    DISCOVER("server/discover"),
    SET_LEVEL("logging/setLevel"),
    SUBSCRIBE("resources/subscribe"),
    UNSUBSCRIBE("resources/unsubscribe"),
    /** Roots are never announced to the server. */
    ROOTS_CHANGED("notifications/roots/list_changed");

    private final String method;

    HostMethod(String method) {
        this.method = method;
    }

    String method() {
        return method;
    }

    static Optional<HostMethod> of(String method) {
        for (HostMethod each : values()) {
            if (each.method.equals(method)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }
}
