package dev.holdfast.share.host;

import dev.holdfast.control.LongAnswer;
import dev.holdfast.journal.Journal;
import dev.holdfast.json.FlatObjectWriter;
import dev.holdfast.posix.files.Passage;
import dev.holdfast.posix.sockets.UnixStream;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.settings.ShareSettings;
import dev.holdfast.share.Bye;
import dev.holdfast.share.Client;
import dev.holdfast.share.HostEvents;
import dev.holdfast.share.Multiplexer;
import dev.holdfast.supervise.ControlWork;
import dev.holdfast.supervise.EventSource;
import dev.holdfast.supervise.InstanceEvent;
import dev.holdfast.supervise.InstanceListener;
import dev.holdfast.supervise.PollSlots;
import dev.holdfast.supervise.StopReason;
import dev.holdfast.supervise.Supervisor;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets many clients use one server: moves bytes between their connections and the server's pipes. A source of the loop.
 *
 * <p>Not safe for use by many threads.
 */
public final class Host implements PeerHost, EventSource, InstanceListener, HostEvents, AutoCloseable {
    /** What a server that has closed its output has to end by itself. */
    private static final Duration TIME_TO_END = Duration.ofSeconds(1);

    /** For so long calls wait for a server that is started again. */
    private static final Duration MOST_PATIENCE = Duration.ofSeconds(2);

    private final ShareSettings settings;
    private final ServerPipes pipes;
    private final Likeness likeness;
    private final BooleanSupplier takeover;
    private final Supervisor supervisor;
    private final Journal journal;
    private final Ticker ticker;
    private final Multiplexer multiplexer;
    private final Passage buffer = new Passage(ServerPipes.CAPACITY);
    private final ServerStream server;
    private final StderrCopies stderr;
    private final Peers peers;
    private final HostEnd end;
    private final HeapTidying heap = new HeapTidying();
    /** Where clients come in over HTTP, and the file of the token for that; empty for none. */
    private String url = "";

    private String token = "";
    private boolean isWoken;
    /** Whether the server of the pipes runs, as far as its clients are concerned. */
    private boolean serves = true;
    /** Whether the server is to stop, and may have something to finish. */
    private boolean isFinishing;
    /** When a server that has closed its output is stopped. */
    private long stopAt = Ticker.NEVER;

    /**
     * For a server that runs, and was started with the pipes.
     *
     * @param pipes closed with this
     * @param likeness tells who may be a client
     * @param grace how long what was begun may take when whoever asked for it leaves
     * @param takeover whether another start is taking over
     */
    public Host(
            ShareSettings settings,
            ServerPipes pipes,
            Likeness likeness,
            Duration grace,
            BooleanSupplier takeover,
            Supervisor supervisor,
            Journal journal,
            Ticker ticker) {
        this.settings = settings;
        this.pipes = pipes;
        this.likeness = likeness;
        this.takeover = takeover;
        this.supervisor = supervisor;
        this.journal = journal;
        this.ticker = ticker;
        multiplexer = new Multiplexer(settings, grace, ticker, this);
        server = new ServerStream(pipes, multiplexer, buffer);
        stderr = new StderrCopies(multiplexer::stderrLost);
        peers = new Peers(settings.linger(), journal, ticker);
        end = new HostEnd(peers);
        multiplexer.serverStarted();
    }

    @Override
    public Multiplexer multiplexer() {
        return multiplexer;
    }

    Passage buffer() {
        return buffer;
    }

    /** What is told of its clients and their requests. */
    public FlatObjectWriter report() {
        FlatObjectWriter report = multiplexer.report();
        if (!url.isEmpty()) {
            report.text("url", url).text("tokenFile", token);
        }
        return report;
    }

    /** By this starts are compared. */
    public Likeness likeness() {
        return likeness;
    }

    /**
     * A start that asks to be a client.
     *
     * @param instanceId of this instance, for the answers
     * @param pid of whoever asks, by the kernel
     */
    public ControlWork arrival(String instanceId, int pid) {
        return new Arrival(this, instanceId, pid);
    }

    @Override
    public Optional<String> obstacle() {
        if (supervisor.isStoppingForGood() || end.hasBegun()) {
            return Optional.of("it is stopping");
        }
        return peers.isFull() ? Optional.of("it has no descriptors left for another client") : Optional.empty();
    }

    boolean hasRoomForPipes() {
        return peers.hasRoomForPipes();
    }

    String kindOfObstacle() {
        return supervisor.isStoppingForGood() || end.hasBegun()
                ? LongAnswer.Refusal.STOPPING
                : LongAnswer.Refusal.AGAIN;
    }

    /**
     * Lets a client in, whose start is told something if there is a text.
     *
     * @param pipes its standard input and output; null when its start copies
     */
    void attach(UnixStream stream, @Nullable ClientPipes pipes, String name, int pid, String warning) {
        Client client = multiplexer.attach(name, pid);
        StderrQueue words = stderr.join(client);
        if (!warning.isEmpty()) {
            words.warn(warning);
        }
        Link link = new Link(stream, pipes, client, words, this, settings.flow().longestMessage(), ticker);
        supervisor.add(link);
        joined(link);
        wake();
        goOn();
    }

    @Override
    public void joined(Peer peer) {
        peers.joined(peer);
    }

    /** A link was closed. */
    void closed(Link link) {
        supervisor.remove(link);
        stderr.leave(link.client());
        left(link);
    }

    @Override
    public void left(Peer peer) {
        multiplexer.detach(peer.client());
        peers.left(peer);
    }

    /** The server has written this to stderr: its clients' starts get it, too. */
    public void copyStderr(byte[] bytes) {
        stderr.add(bytes);
        wake();
        goOn();
    }

    /** Lets clients in over HTTP, too, where a port was taken for that. */
    public void open(HttpEntrance opening, HttpEntrance.Instance instance, Optional<String> tokenFile) {
        opening.open(this, instance, settings.flow().longestMessage(), ticker);
        supervisor.add(opening);
        url = opening.url();
        token = tokenFile.orElse("");
        journal.info("serving " + url + (token.isEmpty() ? "" : ", the token is in " + token));
    }

    @Override
    public int slots() {
        return ServerStream.SLOTS;
    }

    @Override
    public boolean isBeforeReaping() {
        return true;
    }

    @Override
    public void arm(PollSlots slots) {
        server.arm(slots);
    }

    @Override
    public void serve(PollSlots slots) {
        long now = ticker.nanoTime();
        if (server.serve(slots)) {
            wake();
        }
        if (server.takeLost() > 0) {
            journal.warn("a line of the server's was longer than 64 MB, and is lost");
        }
        if (server.hasEnded() && serves) {
            stopAt = now + TIME_TO_END.toNanos();
            endOfServer();
        }
        if (now >= multiplexer.deadline()) {
            multiplexer.look();
        }
        if (now >= stopAt) {
            stopAt = Ticker.NEVER;
            supervisor.serverFailed("stdout-closed", "it closed its standard output, and ran on");
        }
        if (peers.isToLeave(now)) {
            supervisor.requestStop("last-client-left");
        }
        heap.look(now);
        goOn();
        lookWhetherFinished();
    }

    private void lookWhetherFinished() {
        if (isFinishing && !multiplexer.isAwaited()) {
            isFinishing = false;
            supervisor.nothingToFinish();
        }
    }

    @Override
    public long deadline() {
        return Math.min(Math.min(multiplexer.deadline(), heap.deadline()), Math.min(peers.deadline(), stopAt));
    }

    /** Writes what there is to write. Those who read get more into the multiplexer by that. */
    public void goOn() {
        if (isWoken) {
            heap.moved(ticker.nanoTime());
        }
        while (isWoken) {
            isWoken = false;
            server.flush();
            for (Peer peer : peers.all()) {
                peer.flush();
            }
        }
    }

    @Override
    public void wake() {
        isWoken = true;
    }

    @Override
    public void dismiss(Client client, Bye why) {
        for (Peer peer : peers.all()) {
            if (peer.client() == client) {
                peer.dismiss(why, end.exitCode(why));
                isWoken = true;
            }
        }
    }

    @Override
    public void contractBroken() {
        for (Peer peer : peers.all()) {
            peer.dismiss(Bye.ENDED, end.exitCode(Bye.ENDED));
        }
        wake();
        supervisor.requestStop("contract-broken");
    }

    @Override
    public void trace(String line) {
        journal.debug(line);
    }

    @Override
    public void audit(String line) {
        journal.info(line);
    }

    @Override
    public void started(InstanceEvent.Started event) {
        server.reset();
        serves = true;
        stopAt = Ticker.NEVER;
        multiplexer.serverStarted();
        goOn();
    }

    @Override
    public void stopping(InstanceEvent.Stopping event) {
        stops(event.reason());
    }

    /** A server that says itself that it stops sees to its requests itself. */
    @Override
    public void draining(InstanceEvent.Draining event) {
        if (!event.isServersOwn()) {
            stops(event.reason());
        }
    }

    private void stops(StopReason reason) {
        if (supervisor.isStoppingForGood()) {
            end.asked(reason.cause(), takeover.getAsBoolean());
            multiplexer.stopping();
        }
        server.endInput();
        goOn();
        isFinishing = true;
        lookWhetherFinished();
    }

    @Override
    public void ended(InstanceEvent.Ended event) {
        isFinishing = false;
        end.serverEnded(event.status());
        stderr.end();
        wake();
        if (serves) {
            server.read(); // its last words
            endOfServer();
        }
        stopAt = Ticker.NEVER;
        goOn();
    }

    private void endOfServer() {
        serves = false;
        pipes.close();
        server.reset();
        multiplexer.serverEnded();
    }

    /** After a short one they wait. */
    @Override
    public void backingOff(InstanceEvent.BackingOff event) {
        if (event.delay().compareTo(MOST_PATIENCE) > 0) {
            multiplexer.serverBacksOff();
            goOn();
        }
    }

    /**
     * The server has ended for good: each client is told, and let go. Blocks for a moment at the most.
     *
     * @param status how it ended
     */
    public void over(ExitStatus status) {
        end.begin(status);
        stderr.end(); // it may have come behind the end
        multiplexer.over(end.why());
        goOn();
        end.awaitFarewells(ticker);
    }

    @Override
    public void close() {
        for (Peer peer : peers.all()) {
            peer.close();
        }
        pipes.close();
        buffer.close();
    }
}
