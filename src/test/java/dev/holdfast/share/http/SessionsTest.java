package dev.holdfast.share.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.Envelope;
import dev.holdfast.settings.ShareContract;
import dev.holdfast.settings.ShareEra;
import dev.holdfast.settings.ShareFlow;
import dev.holdfast.settings.ShareLogs;
import dev.holdfast.settings.ShareMatch;
import dev.holdfast.settings.ShareRequests;
import dev.holdfast.settings.ShareScope;
import dev.holdfast.settings.ShareSettings;
import dev.holdfast.share.Bye;
import dev.holdfast.share.Client;
import dev.holdfast.share.HostEvents;
import dev.holdfast.share.Multiplexer;
import dev.holdfast.share.host.Peer;
import dev.holdfast.share.host.PeerHost;
import dev.holdfast.testkit.HandTurnedTicker;
import dev.holdfast.waiting.Ticker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How long sessions last, and which of them goes when there are too many. The test is the host, and turns the time. */
class SessionsTest implements PeerHost, HostEvents {
    private static final long IDLE = Sessions.IDLE.toMillis();
    private static final long PATIENCE = Untaken.PATIENCE.toMillis();

    private final HandTurnedTicker ticker = new HandTurnedTicker();
    private final Multiplexer multiplexer = new Multiplexer(settings(), Duration.ofSeconds(5), ticker, this);
    private final Sessions sessions = new Sessions(this, ticker);
    private final List<Peer> peers = new ArrayList<>();

    /** Of a server that knows no handshake: each message goes to it. */
    private static ShareSettings settings() {
        return new ShareSettings(
                ShareScope.CWD,
                Optional.empty(),
                ShareMatch.MODERATE,
                List.of(),
                new ShareFlow(0, 1_000_000, Optional.empty()),
                new ShareContract(ShareEra.MODERN, Optional.empty(), ShareRequests.NONE, ShareLogs.NONE),
                false,
                Optional.empty(),
                false);
    }

    private Sessions.Opened open() {
        return sessions.open("test", false).orElseThrow();
    }

    private Mailbox call(Session session) {
        byte[] line = ("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\"x\",\"_meta\":{"
                        + "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"}}}")
                .getBytes(StandardCharsets.UTF_8);
        Mailbox box = new Mailbox(true);
        session.ask(line, Envelope.of(line).orElseThrow(), box);
        sessions.look();
        return box;
    }

    /** What the server gets, since the last time. */
    private List<String> toServer() {
        List<String> all = new ArrayList<>();
        for (byte[] line = multiplexer.nextForServer(); line != null; line = multiplexer.nextForServer()) {
            all.add(new String(line, StandardCharsets.UTF_8));
        }
        return all;
    }

    /** Answers the request that has come last. */
    private void answer() {
        List<String> asked = toServer();
        String id = asked.get(asked.size() - 1).replaceFirst("(?s).*\"id\":(\\d+).*", "$1");
        multiplexer.fromServer(
                ("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{}}").getBytes(StandardCharsets.UTF_8));
        List.copyOf(peers).forEach(Peer::flush);
    }

    /** As an exchange does that has sent all it was given. */
    private static int sent(Session session, Mailbox box) {
        List<byte[]> all = box.takeRest();
        all.forEach(line -> {
            var unused = session.taken(line.length);
        });
        return all.size();
    }

    @Test
    void quietSessionEndsAfterHalfAnHour() {
        Sessions.Opened one = open();
        ticker.turnTo(1000);
        assertThat(sessions.use(one.id())).isPresent();
        assertThat(sessions.deadline()).isEqualTo(ticker.nanosAt(1000 + IDLE));

        ticker.turnTo(1000 + IDLE - 1);
        sessions.look();
        assertThat(peers).hasSize(1);
        ticker.turnTo(1000 + IDLE);
        sessions.look();
        assertThat(peers).isEmpty();
        assertThat(sessions.use(one.id())).isEmpty();
        assertThat(sessions.deadline()).isEqualTo(Ticker.NEVER);
    }

    @Test
    void sessionThatListensOrWaitsForAnAnswerIsNotQuiet() {
        multiplexer.serverStarted();
        Session listening = open().session();
        Mailbox listener = new Mailbox(true);
        listening.listen(listener);
        Session calling = open().session();
        Mailbox call = call(calling);
        ticker.turnTo(2 * IDLE);
        sessions.look();
        assertThat(peers).hasSize(2);

        listening.left(listener);
        answer();
        assertThat(sent(calling, call)).isEqualTo(1);
        ticker.turnTo(3 * IDLE - 1);
        calling.left(call);
        sessions.look();
        assertThat(peers).hasSize(2);
        ticker.turnTo(3 * IDLE);
        sessions.look();
        assertThat(peers).isEmpty();
    }

    @Test
    void whenThereAreTooManyTheOneThatWasQuietForLongestGoes() {
        Sessions.Opened busy = open();
        busy.session().listen(new Mailbox(true));
        ticker.turnTo(1);
        Sessions.Opened quiet = open();
        for (int i = 2; i < Sessions.MOST; i++) {
            ticker.turnTo(i);
            open();
        }
        assertThat(peers).hasSize(Sessions.MOST);

        Sessions.Opened next = open();
        assertThat(peers).hasSize(Sessions.MOST);
        assertThat(sessions.use(quiet.id())).isEmpty();
        assertThat(sessions.use(busy.id())).isPresent();
        assertThat(sessions.use(next.id())).isPresent();
    }

    @Test
    void whereAllAreBusyNobodyIsLetIn() {
        for (int i = 0; i < Sessions.MOST; i++) {
            open().session().listen(new Mailbox(true));
        }

        assertThat(sessions.open("test", false)).isEmpty();
        assertThat(peers).hasSize(Sessions.MOST);
    }

    @Test
    void whoeverTakesNothingForAMinuteIsBrokenOff() {
        multiplexer.serverStarted();
        Sessions.Opened one = open();
        Mailbox box = call(one.session());
        answer();
        assertThat(sessions.deadline()).isEqualTo(ticker.nanosAt(PATIENCE));
        ticker.turnTo(PATIENCE - 1);
        sessions.look();
        assertThat(sessions.use(one.id())).isPresent();

        ticker.turnTo(PATIENCE);
        sessions.look();
        assertThat(Thread.interrupted()).as("its thread is here").isTrue();
        assertThat(peers).isEmpty();
        assertThat(sessions.use(one.id())).isEmpty();
        assertThat(sessions.deadline()).as("it is in memory still").isEqualTo(ticker.nanosAt(2 * PATIENCE));

        one.session().left(box);
        sessions.look();
        assertThat(sessions.deadline()).isEqualTo(Ticker.NEVER);
    }

    @Test
    void soIsWhoeverHasEndedItsSessionMeanwhile() {
        multiplexer.serverStarted();
        Session one = open().session();
        Mailbox box = call(one);
        answer();
        one.close();
        assertThat(peers).isEmpty();
        ticker.turnTo(PATIENCE);
        sessions.look();
        assertThat(Thread.interrupted()).as("its thread is here").isTrue();
        one.left(box);
    }

    @Test
    void sessionOfOneRequestIsThereUntilItsAnswerIsSent() {
        multiplexer.serverStarted();
        Session one = sessions.open("test", true).orElseThrow().session();
        Mailbox box = call(one);
        answer();
        assertThat(peers).hasSize(1);
        assertThat(sent(one, box)).isEqualTo(1);
        one.left(box);
        assertThat(peers).isEmpty();
        assertThat(toServer()).isEmpty();
    }

    @Test
    void leavingASessionOfOneRequestIsItsCancel() {
        multiplexer.serverStarted();
        Session one = sessions.open("test", true).orElseThrow().session();
        Mailbox box = call(one);
        assertThat(toServer()).hasSize(1);

        one.left(box);
        assertThat(peers).isEmpty();
        assertThat(toServer()).singleElement().asString().contains("notifications/cancelled");
    }

    @Override
    public Multiplexer multiplexer() {
        return multiplexer;
    }

    @Override
    public Optional<String> obstacle() {
        return Optional.empty();
    }

    @Override
    public void joined(Peer peer) {
        peers.add(peer);
    }

    @Override
    public void left(Peer peer) {
        peers.remove(peer);
        multiplexer.detach(peer.client());
    }

    @Override
    public void wake() {}

    @Override
    public void dismiss(Client client, Bye why) {}

    @Override
    public void contractBroken() {}

    @Override
    public void audit(String line) {}
}
