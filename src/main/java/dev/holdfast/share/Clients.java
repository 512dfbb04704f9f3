package dev.holdfast.share;

import dev.holdfast.waiting.Ticker;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Those who are attached, and have not been let go. */
final class Clients {
    private final Counters counters;
    private final HostEvents host;
    private final Map<Integer, Client> clients = new LinkedHashMap<>();
    private final Set<Client> lost = new LinkedHashSet<>();

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

    /** Has an answer written to a client, if it is still there. */
    void say(int number, byte[] line) {
        Client client = clients.get(number);
        if (client != null) {
            client.outgoing().add(line);
            said(client, line);
        }
    }

    /** Has a client told what the server has sent of itself, if it is still there. */
    void tell(int number, byte[] line) {
        Client client = clients.get(number);
        if (client != null) {
            client.outgoing().tell(line);
            said(client, line);
        }
    }

    private void said(Client client, byte[] line) {
        counters.moved(Counters.Direction.TO_CLIENTS, line.length + 1);
        if (client.outgoing().isLost()) {
            lost.add(client);
        }
        host.wake();
    }

    /** Those who do not read: far too much waits for them. To be let go by who asks. */
    List<Client> takeLost() {
        List<Client> all = List.copyOf(lost);
        lost.clear();
        return all;
    }

    /** Looks who has not read anything for too long. */
    void look() {
        clients.values().stream().filter(each -> each.outgoing().isLost()).forEach(lost::add);
    }

    /** When {@link #look} is to be called, by the ticker. */
    long deadline() {
        return clients.values().stream()
                .mapToLong(each -> each.outgoing().deadline())
                .min()
                .orElse(Ticker.NEVER);
    }

    /** Tells each that has the handshake's result, or speaks without one. */
    void tellAll(byte[] line) {
        for (Client each : all()) {
            if (each.isTalking()) {
                tell(each.number(), line);
            }
        }
    }
}
