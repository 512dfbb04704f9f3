package dev.holdfast.share;

import dev.holdfast.json.Envelope;
import dev.holdfast.json.Envelope.Member;
import dev.holdfast.settings.ShareContract;
import dev.holdfast.settings.ShareRequests;
import dev.holdfast.settings.ShareSettings;
import dev.holdfast.share.Admission.Closed;
import dev.holdfast.share.Counters.Outcome;
import dev.holdfast.share.ToServer.Gate;
import dev.holdfast.share.ToServer.Waiting;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where messages go once {@link Routes} has found out whose they are. */
final class Traffic implements RouteListener, Handshake.Listener {
    private final HostEvents host;
    private final Ticker ticker;
    private final Clients clients;
    private final Counters counters;
    private final Hazards hazards;
    private final Routes routes;
    private final Handshake handshake;
    private final OwnRequests own;
    private final Announcements announcements;
    private final OneState state;
    private final Callers callers;
    private final ServersQuestions questions;
    private final RateLimit rate;
    private final ToServer server;
    private final Admission admission;

    /**
     * Nobody is attached, and no server runs.
     *
     * @param grace how long the server may be at a request that was given up
     */
    Traffic(ShareSettings settings, Duration grace, Counters counters, Ticker ticker, HostEvents host) {
        ShareContract contract = settings.contract();
        this.host = host;
        this.ticker = ticker;
        this.counters = counters;
        hazards = new Hazards(contract.requests() == ShareRequests.ONE_CALLER);
        routes = new Routes(new CountedRoutes(this, counters, hazards, host, settings.countsTools()));
        own = new OwnRequests(routes, this::tell);
        clients = new Clients(counters, host);
        callers = new Callers(ticker, grace, settings.flow().calls());
        rate = new RateLimit(settings.flow().rate(), ticker);
        handshake = new Handshake(contract, own, this);
        admission = new Admission(handshake);
        state = new OneState(routes, own::send);
        questions = new ServersQuestions(contract.requests(), clients, handshake, callers, routes);
        announcements = new Announcements(contract.logs(), clients, handshake, routes, state);
        server = new ToServer(ticker, callers, this::isWritten);
    }

    private boolean isWritten(Waiting message) {
        counters.sent(message.wireId());
        if (state.takes(message)) {
            return false;
        }
        callers.sent(message.client(), message.wireId(), message.method());
        return true;
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
        admission.set(Closed.NO);
        handshake.serverStarted();
    }

    void serverEnded() {
        boolean wasAgreed = handshake.isModern() || handshake.isLegacy();
        if (!admission.isStopped()) {
            server.set(wasAgreed ? Gate.RESTARTING : Gate.SHUT);
        }
        handshake.serverEnded();
        callers.serverEnded();
        state.serverEnded();
        server.serverEnded();
        routes.serverEnded(server::isUnsent);
    }

    void serverBacksOff() {
        if (admission.isOpen()) {
            close(Closed.BACKING_OFF);
        }
    }

    void stopping() {
        stop(Closed.STOPPING);
    }

    private void stop(Closed why) {
        server.set(Gate.STOPPED);
        close(why);
    }

    private void close(Closed why) {
        admission.set(why);
        for (Waiting each : server.unsent()) {
            refuse(each, admission::refusal);
        }
        handshake.refuseWaiting(admission::refusal);
    }

    /** Answers a request that has not been sent. */
    private void refuse(Waiting request, Function<String, byte[]> answer) {
        server.withdraw(request.wireId());
        routes.answerOpen(request.wireId(), Outcome.REFUSED, answer);
    }

    /** Answers those that have waited too long for a server. */
    void look() {
        server.look();
        host.wake();
        for (Waiting each : server.overdue()) {
            refuse(each, Errors::restarting);
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
        state.forget(client.number(), handshake.isOpen() && admission.isOpen());
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
        stop(why == Bye.ENDED ? Closed.ENDED : Closed.STOPPING);
        routes.over(why == Bye.ENDED);
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
                refuse(each, id -> admission.otherEra(id, each.method(), each.revision()));
            } else if (isModern) {
                clients.talks(each.client());
            }
        }
        if (!admission.isStopped()) {
            server.set(Gate.OPEN);
            host.wake();
        }
    }

    @Override
    public void agreedAgain(Agreement agreement) {
        state.agreedAgain();
        agreement.changes().forEach(clients::tellAll);
    }

    @Override
    public void failed(byte[] error) {
        for (Waiting each : server.unsent()) {
            refuse(each, id -> Errors.readdressed(error, id));
        }
    }

    @Override
    public void broken() {
        if (!admission.isStopped()) { // or it is the host that has answered
            host.contractBroken();
        }
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
        byte[] refusal = admission.refusal(known, id, message);
        if (refusal.length > 0) {
            say(known, refusal);
        }
        return refusal.length == 0;
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
        if (known != null && known.isTalking() && handshake.isOpen() && admission.isOpen()) {
            queue(new Waiting(client, 0, "", "", line, ticker.nanoTime(), ticker.nanoTime()));
        } else {
            dropped(Drop.NOBODYS);
        }
    }

    @Override
    public void cancelled(long wireId, byte[] line) {
        if (isWithServer(wireId)) {
            tell(line);
        }
    }

    @Override
    public void abandoned(long wireId) {
        var unused = isWithServer(wireId);
    }

    /** Of a request that nobody waits for: it was sent already, and not taken back. */
    private boolean isWithServer(long wireId) {
        if (server.withdraw(wireId) || state.withdraw(wireId)) {
            return false;
        }
        callers.givenUp(wireId);
        return true;
    }

    @Override
    public void toServer(byte[] line) {
        tell(line);
    }

    @Override
    public void answered(int client, long wireId, byte[] line) {
        callers.answered(wireId);
        state.answered(wireId);
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
        if (admission.isOpen()) {
            handshake.initialize(client, line, id);
        } else {
            say(client, admission.refusal(id.json()));
        }
    }

    @Override
    public void serverAsks(byte[] line, Envelope request) {
        questions.take(line, request);
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
