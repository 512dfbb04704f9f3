package dev.holdfast.guard;

import dev.holdfast.command.Environment;
import dev.holdfast.posix.sockets.NotifySocket;
import dev.holdfast.settings.ReadinessSettings;
import dev.holdfast.supervise.NotificationSource;
import dev.holdfast.supervise.OutputTap;
import dev.holdfast.supervise.ReadinessSource;
import dev.holdfast.supervise.ReadyPipe;
import dev.holdfast.supervise.Supervisor;
import dev.holdfast.waiting.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * Makes the servers' seats in a running launcher those that another deployment needs. Not part of {@link ServerChannels}, so
 * that nothing of it is loaded before the server runs. Not safe for use by many threads.
 */
final class SeatChanges {
    private final ServerChannels channels;
    private final Supervisor supervisor;

    SeatChanges(ServerChannels channels, Supervisor supervisor) {
        this.channels = channels;
        this.supervisor = supervisor;
    }

    /**
     * The seat is another deployment's from now on, before its start.
     *
     * @param environment what it is started with
     * @return the same with what the server needs to tell of itself
     */
    Environment enter(Environment environment, ReadinessSettings readiness) {
        ServerSeat seat = channels.latest();
        OutputTap output = seat.output();
        if (output != null) {
            output.lookFor(readiness.logPattern());
        }
        lookAtUrl(readiness);
        ReadyPipe old = seat.readyPipe();
        if ((old == null ? 0 : old.number()) != readiness.descriptor()) {
            if (old != null) {
                old.leave();
            }
            seat.use(readyPipe(readiness, seat.number()));
        }
        return channels.addTo(environment, readiness);
    }

    /**
     * Opens the seat of a server that is started while another one runs, so that nobody's word counts for the other.
     *
     * @param environment what it is started with
     * @param number by what the supervisor knows it
     * @return the same with what the server needs to tell of itself
     */
    Environment enterBeside(Environment environment, ReadinessSettings readiness, int number) {
        OutputTap old = channels.latest().output();
        NotifySocket socket = channels.socketOf(number);
        OutputTap output = old == null ? null : old.beside(readiness.logPattern(), number);
        ServerSeat seat = new ServerSeat(number, socket, output, null);
        channels.use(seat, channels.latest());
        if (socket != null) {
            NotificationSource source = new NotificationSource(socket, supervisor, number, Ticker.SYSTEM);
            supervisor.add(source);
            seat.isReadBy(source);
        }
        if (output != null) {
            output.join(supervisor);
        }
        lookAtUrl(readiness);
        seat.use(readyPipe(readiness, number));
        return channels.addTo(environment, readiness);
    }

    private void lookAtUrl(ReadinessSettings readiness) {
        if (!readiness.url().isEmpty() && !channels.isUrlLookedAt()) {
            channels.urlIsLookedAt();
            supervisor.add(new ReadinessSource(supervisor));
        }
    }

    private @Nullable ReadyPipe readyPipe(ReadinessSettings readiness, int seat) {
        if (readiness.descriptor() == 0) {
            return null;
        }
        ReadyPipe pipe = new ReadyPipe(readiness.descriptor(), seat);
        pipe.join(supervisor);
        return pipe;
    }

    /** One of two servers has gone, or was not started: what only it had is closed. */
    void leave(int number) {
        ServerSeat beside = channels.beside();
        if (beside != null) {
            ServerSeat latest = channels.latest();
            ServerSeat gone = number == latest.number() ? latest : beside;
            channels.use(gone == latest ? beside : latest, null);
            gone.leave(supervisor);
        }
    }
}
