package dev.holdfast.guard;

import dev.holdfast.command.Environment;
import dev.holdfast.journal.Journal;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.sockets.NotifySocket;
import dev.holdfast.settings.ReadinessSettings;
import dev.holdfast.share.host.ServerPipes;
import dev.holdfast.supervise.OutputTap;
import dev.holdfast.supervise.ReadyPipe;
import dev.holdfast.waiting.Ticker;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * By what a supervised server tells of itself: the socket of sd_notify(3), its output where a line of it says that it is
 * ready, and the pipe for the newline that says so. All stay over restarts, but the pipe, which is made anew each time.
 */
final class ServerChannels implements AutoCloseable {
    private static final String SOCKET_PREFIX = "holdfast-notify-";

    private final String instanceId;
    /** Those of the server that was started last. */
    private ServerSeat latest;
    /** Those of the server that runs beside it; null for none. */
    private @Nullable ServerSeat beside;

    private boolean isUrlLookedAt;

    private ServerChannels(String instanceId, ServerSeat first) {
        this.instanceId = instanceId;
        latest = first;
    }

    /** Opens what the settings ask for. Where sockets are forbidden, the server just cannot notify. */
    static ServerChannels open(GuardSettings settings, String instanceId, Journal journal) {
        OutputTap output = output(settings, journal);
        NotifySocket notify = NotifySocket.bind(SOCKET_PREFIX + instanceId).orElse(null);
        int descriptor = settings.server().readiness().descriptor();
        ReadyPipe readyPipe = descriptor == 0 ? null : new ReadyPipe(descriptor);
        ServerSeat seat = new ServerSeat(0, notify, output, readyPipe);
        if (settings.instance().share().isPresent()) {
            seat.use(new ServerPipes());
        }
        return new ServerChannels(instanceId, seat);
    }

    private static @Nullable OutputTap output(GuardSettings settings, Journal journal) {
        String regex = settings.server().readiness().logPattern();
        if (settings.output().isPresent()) {
            return ServerOutput.open(settings.output().get(), regex, journal);
        }
        // With a client on stdio, stdout is the protocol's.
        return regex.isEmpty()
                ? null
                : OutputTap.open(
                        regex,
                        !settings.instance().watchClient()
                                && settings.instance().share().isEmpty(),
                        null,
                        true,
                        Ticker.SYSTEM);
    }

    /** The place of the server that was started last, or is about to be. */
    ServerSeat latest() {
        return latest;
    }

    /** The place of the server that runs beside that one; null for none. */
    @Nullable
    ServerSeat beside() {
        return beside;
    }

    /**
     * The environment with what the server needs to report its state.
     *
     * <p>WATCHDOG_PID is taken away where the watchdog meant the launcher: sd_watchdog_enabled(3) would make the server
     * pass over it, and its own pid is not known before it runs.
     */
    Environment addTo(Environment environment, ReadinessSettings readiness) {
        Map<String, String> variables = new LinkedHashMap<>();
        NotifySocket notify = latest.socket();
        if (notify != null) {
            variables.put("NOTIFY_SOCKET", notify.address());
        }
        Environment changed = environment;
        if (readiness.watchdog().isPresent()) {
            variables.put(
                    "WATCHDOG_USEC", Long.toString(readiness.watchdog().get().toMillis() * 1000));
            changed = changed.without("WATCHDOG_PID");
        } else if (changed.value("WATCHDOG_PID").equals(Integer.toString(Self.pid()))) {
            changed = changed.without("WATCHDOG_PID");
        }
        return changed.with(variables);
    }

    /**
     * A server that is about to be started while another one runs gets a socket of its own, so that nobody's word counts for
     * the other.
     *
     * @param seat by what the supervisor knows it
     */
    @Nullable
    NotifySocket socketOf(int seat) {
        return NotifySocket.bind(SOCKET_PREFIX + instanceId + "-" + seat).orElse(null);
    }

    /**
     * The places of the servers from now on.
     *
     * @param newBeside that of the one that runs beside the latest one; null for none
     */
    void use(ServerSeat newLatest, @Nullable ServerSeat newBeside) {
        latest = newLatest;
        beside = newBeside;
    }

    /** Whether the answer of a URL is waited for. */
    boolean isUrlLookedAt() {
        return isUrlLookedAt;
    }

    /** From now on it is. */
    void urlIsLookedAt() {
        isUrlLookedAt = true;
    }

    @Override
    public void close() {
        if (beside != null) {
            beside.closeChannels(false);
        }
        latest.closeChannels(true);
    }
}
