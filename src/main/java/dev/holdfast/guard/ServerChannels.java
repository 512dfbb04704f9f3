package dev.holdfast.guard;

import dev.holdfast.command.Environment;
import dev.holdfast.journal.Journal;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.sockets.NotifySocket;
import dev.holdfast.settings.ReadinessSettings;
import dev.holdfast.supervise.NotificationSource;
import dev.holdfast.supervise.OutputTap;
import dev.holdfast.supervise.ReadinessSource;
import dev.holdfast.supervise.ReadyPipe;
import dev.holdfast.supervise.Supervisor;
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
    private @Nullable NotifySocket notify;
    /** Reads from the socket; null before that. */
    private @Nullable NotificationSource notifications;

    private @Nullable OutputTap output;
    private @Nullable ReadyPipe readyPipe;
    private boolean isUrlLookedAt;
    /** By what the supervisor knows the server that has these. */
    private int seat;
    /** Those of the server that runs beside; null for none. */
    private @Nullable Earlier beside;

    private ServerChannels(
            String instanceId,
            @Nullable NotifySocket notify,
            @Nullable OutputTap output,
            @Nullable ReadyPipe readyPipe) {
        this.instanceId = instanceId;
        this.notify = notify;
        this.output = output;
        this.readyPipe = readyPipe;
    }

    /** Opens what the settings ask for. Where sockets are forbidden, the server just cannot notify. */
    static ServerChannels open(GuardSettings settings, String instanceId, Journal journal) {
        OutputTap output = output(settings, journal);
        NotifySocket notify = NotifySocket.bind(SOCKET_PREFIX + instanceId).orElse(null);
        int descriptor = settings.server().readiness().descriptor();
        return new ServerChannels(instanceId, notify, output, descriptor == 0 ? null : new ReadyPipe(descriptor));
    }

    /** Those of a server that was started before the latest one, and runs beside it. */
    private record Earlier(
            int seat,
            @Nullable NotifySocket socket,
            @Nullable NotificationSource notifications,
            @Nullable OutputTap output,
            @Nullable ReadyPipe readyPipe) {}

    private static @Nullable OutputTap output(GuardSettings settings, Journal journal) {
        String regex = settings.server().readiness().logPattern();
        if (settings.output().isPresent()) {
            return ServerOutput.open(settings.output().get(), regex, journal);
        }
        // With a client on stdio, stdout is the protocol's.
        return regex.isEmpty()
                ? null
                : OutputTap.open(regex, !settings.instance().watchClient(), null, true, Ticker.SYSTEM);
    }

    @Nullable
    NotifySocket notifySocket() {
        return notify;
    }

    @Nullable
    ReadyPipe readyPipe() {
        return readyPipe;
    }

    @Nullable
    OutputTap output() {
        return output;
    }

    /**
     * The environment with what the server needs to report its state.
     *
     * <p>WATCHDOG_PID is taken away where the watchdog meant the launcher: sd_watchdog_enabled(3) would make the server
     * pass over it, and its own pid is not known before it runs.
     */
    Environment addTo(Environment environment, ReadinessSettings readiness) {
        Map<String, String> variables = new LinkedHashMap<>();
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
     * From now on they are those of another deployment, before its start.
     *
     * @param environment what it is started with
     * @return the same with what the server needs to tell of itself
     */
    Environment enter(Environment environment, ReadinessSettings readiness, Supervisor supervisor) {
        if (output != null) {
            output.lookFor(readiness.logPattern());
        }
        if (!readiness.url().isEmpty() && !isUrlLookedAt) {
            isUrlLookedAt = true;
            supervisor.add(new ReadinessSource(supervisor));
        }
        ReadyPipe old = readyPipe;
        if ((old == null ? 0 : old.number()) != readiness.descriptor()) {
            if (old != null) {
                supervisor.remove(old);
                old.close();
            }
            readyPipe = readiness.descriptor() == 0 ? null : readyPipe(readiness.descriptor(), supervisor);
        }
        return addTo(environment, readiness);
    }

    /**
     * Opens those of a server that is started while another one runs, so that nobody's word counts for the other.
     *
     * @param environment what it is started with
     * @param newSeat by what the supervisor knows it
     * @return the same with what the server needs to tell of itself
     */
    Environment enterBeside(Environment environment, ReadinessSettings readiness, Supervisor supervisor, int newSeat) {
        beside = new Earlier(seat, notify, notifications, output, readyPipe);
        seat = newSeat;
        notify = NotifySocket.bind(SOCKET_PREFIX + instanceId + "-" + newSeat).orElse(null);
        notifications = null;
        if (notify != null) {
            notifications = new NotificationSource(notify, supervisor, newSeat, Ticker.SYSTEM);
            supervisor.add(notifications);
        }
        if (output != null) {
            output = output.beside(readiness.logPattern(), newSeat);
            output.join(supervisor);
        }
        if (!readiness.url().isEmpty() && !isUrlLookedAt) {
            isUrlLookedAt = true;
            supervisor.add(new ReadinessSource(supervisor));
        }
        readyPipe = readiness.descriptor() == 0 ? null : readyPipe(readiness.descriptor(), supervisor);
        return addTo(environment, readiness);
    }

    /** One of two servers has gone: what only it had is closed. */
    void leave(int leaving, Supervisor supervisor) {
        Earlier other = beside;
        beside = null;
        if (other == null) {
            return;
        }
        Earlier gone = other;
        if (leaving == seat) {
            gone = new Earlier(seat, notify, notifications, output, readyPipe);
            seat = other.seat();
            notify = other.socket();
            notifications = other.notifications();
            output = other.output();
            readyPipe = other.readyPipe();
        }
        if (gone.notifications() != null) {
            supervisor.remove(gone.notifications());
        }
        if (gone.socket() != null) {
            gone.socket().close();
        }
        if (gone.output() != null) {
            gone.output().leave(supervisor);
        }
        if (gone.readyPipe() != null) {
            supervisor.remove(gone.readyPipe());
            gone.readyPipe().close();
        }
    }

    /** Who reads from the socket of the first server. */
    void areReadBy(NotificationSource source) {
        notifications = source;
    }

    private ReadyPipe readyPipe(int number, Supervisor supervisor) {
        ReadyPipe pipe = new ReadyPipe(number, seat);
        pipe.reportTo(supervisor);
        supervisor.add(pipe);
        return pipe;
    }

    /** The URL is looked at already. */
    void urlIsLookedAt() {
        isUrlLookedAt = true;
    }

    @Override
    public void close() {
        Earlier other = beside;
        if (other != null) {
            if (other.socket() != null) {
                other.socket().close();
            }
            if (other.output() != null) {
                other.output().closeStreams();
            }
            if (other.readyPipe() != null) {
                other.readyPipe().close();
            }
        }
        if (notify != null) {
            notify.close();
        }
        if (output != null) {
            output.close();
        }
        if (readyPipe != null) {
            readyPipe.close();
        }
    }
}
