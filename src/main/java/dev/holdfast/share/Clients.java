package dev.holdfast.share;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Those who are attached, and have not been let go. */
final class Clients {
    private final Counters counters;
    private final HostEvents host;
    private final Map<Integer, Client> clients = new LinkedHashMap<>();

    /** Nobody is. */
    Clients(Counters counters, HostEvents host) {
        this.counters = counters;
        this.host = host;
    }

    void add(Client client) {
        clients.put(client.number(), client);
    }

    /** False when it was let go before. */
    boolean remove(Client client) {
        return clients.remove(client.number()) != null;
    }

    boolean has(Client client) {
        return clients.containsKey(client.number());
    }

    /** Null when it is gone. */
    @Nullable
    Client get(int number) {
        return clients.get(number);
    }

    /** A copy. */
    Collection<Client> all() {
        return List.copyOf(clients.values());
    }

    int size() {
        return clients.size();
    }

    /** A client speaks without a handshake. */
    void talks(int number) {
        Client client = clients.get(number);
        if (client != null) {
            client.talks();
        }
    }

    /** Has a line written to a client, if it is still there. */
    void say(int number, byte[] line) {
        Client client = clients.get(number);
        if (client != null) {
            counters.moved(Counters.Direction.TO_CLIENTS, line.length + 1);
            client.outgoing().add(line);
            host.wake();
        }
    }

    /** Has a line written to each that has the handshake's result, or speaks without one. */
    void sayToAll(byte[] line) {
        for (Client each : all()) {
            if (each.isTalking()) {
                say(each.number(), line);
            }
        }
    }
}
