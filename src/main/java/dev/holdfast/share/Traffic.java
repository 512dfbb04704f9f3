package dev.holdfast.share;

import dev.holdfast.json.Envelope;
import dev.holdfast.json.Envelope.Member;
import dev.holdfast.settings.ShareSettings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where messages go once {@link Routes} has found out whose they are. */
final class Traffic implements RouteListener, Handshake.Listener {
    private final HostEvents host;
    private final Counters counters;
    private final Routes routes;
    private final OwnRequests own;
    private final Handshake handshake;
    private final Map<Integer, Client> clients = new HashMap<>();
    private final Deque<byte[]> forServer = new ArrayDeque<>();
    private final List<Waiting> held = new ArrayList<>();

    /** Nobody is attached, and no server runs. */
    Traffic(ShareSettings settings, Counters counters, HostEvents host) {
        this.host = host;
        this.counters = counters;
        routes = new Routes(new CountedRoutes(this, counters, host));
        own = new OwnRequests(routes, this::tell);
        handshake = new Handshake(settings.contract(), own, this);
    }

    private record Waiting(Client client, long wireId, byte[] line, boolean isModern) {}

    Routes routes() {
        return routes;
    }

    Handshake handshake() {
        return handshake;
    }

    void add(Client client) {
        clients.put(client.number(), client);
    }

    boolean remove(Client client) {
        handshake.forget(client);
        held.removeIf(each -> each.client() == client);
        return clients.remove(client.number()) != null;
    }

    Collection<Client> clients() {
        return List.copyOf(clients.values());
    }

    byte @Nullable [] nextForServer() {
        return forServer.poll();
    }

    @Override
    public void say(Client client, byte[] line) {
        if (clients.containsKey(client.number())) {
            counters.moved(Counters.Direction.TO_CLIENTS, line.length + 1);
            client.outgoing().add(line);
            host.wake();
        }
    }

    @Override
    public void tell(byte[] line) {
        byte[] ended = java.util.Arrays.copyOf(line, line.length + 1);
        ended[line.length] = '\n';
        counters.moved(Counters.Direction.TO_SERVER, ended.length);
        forServer.add(ended);
        host.wake();
    }

    @Override
    public void agreed() {
        List<Waiting> all = List.copyOf(held);
        held.clear();
        for (Waiting each : all) {
            if (each.isModern() == (handshake.state() == Handshake.State.MODERN)) {
                counters.sent(each.wireId());
                tell(each.line());
            }
        }
    }

    @Override
    public void failed(byte[] error) {}

    @Override
    public void broken() {
        host.contractBroken();
    }

    @Override
    public boolean admits(int client, RawValue id, Envelope message) {
        Client known = clients.get(client);
        if (known == null) {
            return false;
        }
        boolean isModern = message.has(Member.META_PROTOCOL_VERSION);
        boolean isPing = Messages.method(message).equals("ping");
        if (known.isTalking() || isModern) {
            return true;
        }
        say(
                known,
                isPing ? Errors.empty(id.json()) : Errors.answer(id.json(), Errors.INVALID_REQUEST, "not initialized"));
        return false;
    }

    @Override
    public void request(int client, long wireId, byte[] line, Envelope message) {
        Client known = clients.get(client);
        boolean isOpen = handshake.state() == Handshake.State.LEGACY || handshake.state() == Handshake.State.MODERN;
        if (isOpen) {
            counters.sent(wireId);
            tell(line);
        } else if (known != null) {
            held.add(new Waiting(known, wireId, line, message.has(Member.META_PROTOCOL_VERSION)));
            handshake.open();
        }
    }

    @Override
    public void cancelled(long wireId, byte[] line) {
        if (!held.removeIf(each -> each.wireId() == wireId)) {
            tell(line);
        }
    }

    @Override
    public void toServer(byte[] line) {
        tell(line);
    }

    @Override
    public void answered(int client, long wireId, byte[] line) {
        if (client == OwnRequests.HOST) {
            own.answered(wireId, line);
        } else {
            toClient(client, line);
        }
    }

    @Override
    public void toClient(int client, byte[] line) {
        Client known = clients.get(client);
        if (known != null) {
            say(known, line);
        }
    }

    @Override
    public void forHost(int client, HostMethod method, byte[] line, Envelope message) {
        Client known = clients.get(client);
        if (known == null || !message.has(Member.ID)) {
            return;
        }
        RawValue id = RawValue.of(line, message, Member.ID).orElseThrow();
        if (method == HostMethod.INITIALIZE) {
            handshake.initialize(known, line, id);
        } else if (admits(client, id, message)) {
            routes.forward(client, line, message);
        }
    }

    @Override
    public void serverAsks(byte[] line, Envelope request) {
        routes.refuse(line, request, Errors.METHOD_NOT_FOUND, "a shared server has nobody to ask");
    }

    @Override
    public void announced(String method, byte[] line, Envelope notification) {
        for (Client each : clients()) {
            if (each.isTalking()) {
                say(each, line);
            }
        }
    }

    @Override
    public void dropped(Drop why) {}

    @Override
    public void late(long wireId) {}

    @Override
    public void talksNonsense(int client) {
        Client known = clients.get(client);
        if (known != null) {
            host.dismiss(known, Bye.PROTOCOL);
        }
    }
}
