package dev.holdfast.share;

import dev.holdfast.json.Envelope;
import dev.holdfast.json.Envelope.Member;
import dev.holdfast.settings.ShareContract;
import dev.holdfast.settings.ShareRequests;
import dev.holdfast.settings.ShareSettings;
import dev.holdfast.share.Counters.Outcome;
import dev.holdfast.share.ToServer.Gate;
import dev.holdfast.share.ToServer.Waiting;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Where messages go once {@link Routes} has found out whose they are. */
final class Traffic implements RouteListener, Handshake.Listener {
    private final ShareContract contract;
    private final HostEvents host;
    private final Ticker ticker;
    private final Clients clients;
    private final Counters counters;
    private final Hazards hazards;
    private final Routes routes;
    private final Handshake handshake;
    private final OwnRequests own;
    private final Announcements announcements;
    private final Callers callers;
    private final RateLimit rate;
    private final ToServer server;
    private Closed closed = Closed.NO;

    /**
     * Nobody is attached, and no server runs.
     *
     * @param grace how long the server may be at a request that was given up
     */
    Traffic(ShareSettings settings, Duration grace, Counters counters, Ticker ticker, HostEvents host) {
        contract = settings.contract();
        this.host = host;
        this.ticker = ticker;
        this.counters = counters;
        hazards = new Hazards(contract.requests() == ShareRequests.ONE_CALLER);
        routes = new Routes(new CountedRoutes(this, counters, hazards, host));
        own = new OwnRequests(routes, this::tell);
        clients = new Clients(counters, host);
        callers = new Callers(ticker, grace, settings.flow().calls());
        rate = new RateLimit(settings.flow().rate(), ticker);
        handshake = new Handshake(contract, own, this);
        announcements = new Announcements(clients, handshake, routes);
        server = new ToServer(ticker, callers, this::sent);
    }

    /** Why no request is taken now. */
    private enum Closed {
        NO("", ""),
        BACKING_OFF("the server has ended again and again, and is not started again yet", "server-ended"),
        STOPPING("the shared server is being stopped, and has not got this request", "server-stopping");

        private final String why;
        private final String reason;

        Closed(String why, String reason) {
            this.why = why;
            this.reason = reason;
        }
    }

    private void sent(Waiting message) {
        counters.sent(message.wireId());
        callers.sent(message.client(), message.wireId(), message.method());
    }

    Clients clients() {
        return clients;
    }

    Routes routes() {
        return routes;
    }

    Hazards hazards() {
        return hazards;
    }

    Handshake handshake() {
        return handshake;
    }

    ToServer server() {
        return server;
    }

    void serverStarted() {
        if (closed != Closed.STOPPING) {
            closed = Closed.NO;
        }
        handshake.serverStarted();
    }

    void serverEnded() {
        boolean wasAgreed = handshake.isModern() || handshake.isLegacy();
        if (closed != Closed.STOPPING) {
            server.set(wasAgreed ? Gate.RESTARTING : Gate.SHUT);
        }
        handshake.serverEnded();
        callers.serverEnded();
        routes.serverEnded(server::isUnsent);
    }

    void serverBacksOff() {
        if (closed == Closed.NO) {
            close(Closed.BACKING_OFF);
        }
    }

    void stopping() {
        server.set(Gate.STOPPED);
        close(Closed.STOPPING);
    }

    private void close(Closed why) {
        closed = why;
        for (Waiting each : server.unsent()) {
            refuse(each, why.why, why.reason);
        }
        handshake.refuseWaiting(why.why, why.reason);
    }

    /** Answers a request that has not been sent. */
    private void refuse(Waiting request, String why, String reason) {
        server.withdraw(request.wireId());
        routes.answerOpen(request.wireId(), Outcome.REFUSED, id -> Errors.answer(id, Errors.HOST, why, reason));
    }

    /** Answers those that have waited too long for a server. */
    void look() {
        server.look();
        host.wake();
        for (Waiting each : server.overdue()) {
            refuse(each, "the server is being restarted, and has not got this request", "server-restarting");
        }
    }

    /** A client is gone, or let go; false when it was before. */
    boolean remove(Client client) {
        if (!clients.remove(client)) {
            return false;
        }
        handshake.forget(client);
        routes.detach(client.number());
        server.forget(client.number());
        rate.forget(client.number());
        counters.detached(client.number());
        return true;
    }

    /** Lets a client go, after what is to be written to it. */
    void letGo(Client client, Bye why) {
        if (remove(client)) {
            host.dismiss(client, why);
        }
    }

    /** Whether a client still waits for something. */
    boolean isWaiting(Client client) {
        return routes.isWaiting(client.number()) || handshake.isAwaitedBy(client);
    }

    /** All is over: what is open is answered, and all are let go. */
    void over(Bye why) {
        stopping();
        boolean hasEnded = why == Bye.ENDED;
        routes.over(
                hasEnded
                        ? "the server ended while this request was running; it may have had an effect"
                        : "the shared server was stopped while this request was running; it may have had an effect",
                hasEnded ? "server-ended" : "server-stopping");
        clients.all().forEach(each -> letGo(each, why));
    }

    @Override
    public void say(Client client, byte[] line) {
        clients.say(client.number(), line);
    }

    @Override
    public void tell(byte[] line) {
        server.tell(line);
        host.wake();
    }

    @Override
    public boolean isAnyTalkingBut(@Nullable Client client) {
        return clients.all().stream().anyMatch(each -> each != client && each.isTalking());
    }

    @Override
    public void agreed() {
        for (Waiting each : server.unsent()) {
            boolean isModern = !each.revision().isEmpty();
            if (isModern && !handshake.isModern()) {
                server.withdraw(each.wireId());
                routes.answerOpen(each.wireId(), Outcome.REFUSED, id -> otherEra(id, each.method(), each.revision()));
            } else if (isModern) {
                clients.talks(each.client());
            }
        }
        if (closed != Closed.STOPPING) {
            server.set(Gate.OPEN);
            host.wake();
        }
    }

    private byte[] otherEra(String id, String method, String revision) {
        boolean isAskedAtAll = method.equals(HostMethod.DISCOVER.method()) && !handshake.isModern();
        return isAskedAtAll
                ? Errors.answer(id, Errors.METHOD_NOT_FOUND, "the shared server needs a handshake")
                : handshake.otherEra(id, revision);
    }

    @Override
    public void agreedAgain(Agreement agreement) {
        agreement.changes().forEach(clients::tellAll);
    }

    @Override
    public void failed(byte[] error) {
        for (Waiting each : server.unsent()) {
            server.withdraw(each.wireId());
            routes.answerOpen(each.wireId(), Outcome.REFUSED, id -> Errors.readdressed(error, id));
        }
    }

    @Override
    public void broken() {
        host.contractBroken();
    }

    @Override
    public void refused(Client client) {
        host.audit("client refused number=" + client.number() + " pid=" + client.pid() + " reason=isolated");
    }

    @Override
    public boolean admits(int client, RawValue id, Envelope message) {
        Client known = clients.get(client);
        if (known == null) {
            return false;
        }
        byte[] refusal = refusal(known, id, message);
        if (refusal.length > 0) {
            say(known, refusal);
        }
        return refusal.length == 0;
    }

    /** The answer of the host's own; empty when the request is to be sent. */
    private byte[] refusal(Client client, RawValue id, Envelope message) {
        String method = Messages.method(message);
        String revision = Messages.revision(message);
        boolean isModern = !revision.isEmpty();
        if (method.equals("ping") && !client.isTalking()) {
            return Errors.empty(id.json());
        }
        if (isModern ? handshake.isLegacy() : handshake.isModern()) {
            return otherEra(id.json(), method, revision);
        }
        if (!isModern && !client.isTalking()) {
            return Errors.answer(id.json(), Errors.INVALID_REQUEST, "not initialized");
        }
        return closed == Closed.NO ? new byte[0] : Errors.answer(id.json(), Errors.HOST, closed.why, closed.reason);
    }

    @Override
    public void request(int client, long wireId, byte[] line, Envelope message) {
        String method = Messages.method(message);
        RateLimit.Turn turn = rate.turn(client, method);
        if (turn.isRefused()) {
            routes.answerOpen(wireId, Outcome.REFUSED, id -> Errors.rateLimited(id, turn.retryAfterMillis()));
            return;
        }
        long now = ticker.nanoTime();
        queue(new Waiting(client, wireId, method, Messages.revision(message), line, now, turn.at()));
        if (handshake.isModern()) {
            clients.talks(client);
        }
        handshake.open();
    }

    private void queue(Waiting message) {
        server.add(message);
        host.wake();
    }

    @Override
    public void notification(int client, byte[] line) {
        Client known = clients.get(client);
        if (known != null && known.isTalking() && handshake.isOpen() && closed == Closed.NO) {
            queue(new Waiting(client, 0, "", "", line, ticker.nanoTime(), ticker.nanoTime()));
        } else {
            dropped(Drop.NOBODYS);
        }
    }

    @Override
    public void cancelled(long wireId, byte[] line) {
        if (!server.withdraw(wireId)) {
            callers.givenUp(wireId);
            tell(line);
        }
    }

    @Override
    public void toServer(byte[] line) {
        tell(line);
    }

    @Override
    public void answered(int client, long wireId, byte[] line) {
        callers.answered(wireId);
        if (client == OwnRequests.HOST) {
            own.answered(wireId, line);
        } else {
            clients.say(client, line);
        }
    }

    @Override
    public void toClient(int client, byte[] line) {
        clients.tell(client, line);
    }

    @Override
    public void forHost(int client, HostMethod method, byte[] line, Envelope message) {
        Client known = clients.get(client);
        if (known == null || !message.has(Member.ID)) {
            return;
        }
        RawValue id = RawValue.of(line, message, Member.ID).orElseThrow();
        if (method == HostMethod.INITIALIZE) {
            initialize(known, line, id);
        } else if (admits(client, id, message)) {
            routes.forward(client, line, message);
        }
    }

    private void initialize(Client client, byte[] line, RawValue id) {
        if (closed == Closed.NO) {
            handshake.initialize(client, line, id);
        } else {
            say(client, Errors.answer(id.json(), Errors.HOST, closed.why, closed.reason));
        }
    }

    /** A guess whose request this is about would show one client's question to another. */
    @Override
    public void serverAsks(byte[] line, Envelope request) {
        OptionalInt only = callers.only();
        Client client = only.isPresent() ? clients.get(only.getAsInt()) : null;
        boolean isAsked = contract.requests() == ShareRequests.ONE_CALLER
                && !handshake.isModern()
                && client != null
                && !client.hasEnded()
                && client.said().answers(Messages.method(request));
        if (isAsked && client != null) {
            routes.ask(client.number(), line, request);
        } else {
            routes.refuse(line, request, Errors.METHOD_NOT_FOUND, "a shared server has nobody to ask");
        }
    }

    @Override
    public void announced(String method, byte[] line, Envelope notification) {
        if (!announcements.take(method, line, notification)) {
            dropped(Drop.NOBODYS);
        }
    }

    @Override
    public void dropped(Drop why) {}

    @Override
    public void late(long wireId) {
        callers.answered(wireId);
        host.wake();
    }

    @Override
    public void talksNonsense(int client) {
        Client known = clients.get(client);
        if (known != null) {
            letGo(known, Bye.PROTOCOL);
        }
    }
}
