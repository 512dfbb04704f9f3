package dev.holdfast.guard;

import dev.holdfast.posix.processes.ProcessStat;
import dev.holdfast.posix.signals.DeathSignal;
import dev.holdfast.posix.sockets.NotifySocket;
import dev.holdfast.share.host.ServerPipes;
import dev.holdfast.supervise.NotificationSource;
import dev.holdfast.supervise.OutputTap;
import dev.holdfast.supervise.ReadyPipe;
import dev.holdfast.supervise.Supervisor;
import org.jspecify.annotations.Nullable;

/**
 * A server's place in the launcher: by what it tells of itself, and what tells it of the launcher's death. It stays over
 * restarts. A server that is started while another one runs gets a place of its own. Not safe for use by many threads.
 */
final class ServerSeat {
    private final int number;
    private final @Nullable NotifySocket socket;
    private final @Nullable OutputTap output;
    /** Reads from the socket; null before that. */
    private @Nullable NotificationSource notifications;

    private @Nullable ReadyPipe readyPipe;
    /** Instead of the launcher's own standard input and output; null for those. */
    private @Nullable ServerPipes pipes;
    /** The one of the latest start. Never closed at the end: the launcher's end is what it is there for. */
    private @Nullable DeathSignal deathSignal;

    private int pid;
    /** The process group of the latest server that has a death signal. */
    private int group;

    /**
     * Nothing was started yet.
     *
     * @param number by this the supervisor knows the server
     * @param socket where it notifies; null for nowhere
     * @param output what its output goes through; null for nothing
     * @param readyPipe by this it says that it is ready; null for nothing
     */
    ServerSeat(int number, @Nullable NotifySocket socket, @Nullable OutputTap output, @Nullable ReadyPipe readyPipe) {
        this.number = number;
        this.socket = socket;
        this.output = output;
        this.readyPipe = readyPipe;
    }

    int number() {
        return number;
    }

    @Nullable
    NotifySocket socket() {
        return socket;
    }

    @Nullable
    OutputTap output() {
        return output;
    }

    @Nullable
    ReadyPipe readyPipe() {
        return readyPipe;
    }

    /** Its next server says by another one that it is ready, or does not say it. */
    void use(@Nullable ReadyPipe newReadyPipe) {
        readyPipe = newReadyPipe;
    }

    @Nullable
    ServerPipes pipes() {
        return pipes;
    }

    /** Its servers are talked to by these. */
    void use(ServerPipes newPipes) {
        pipes = newPipes;
    }

    /** Who reads from the socket. */
    void isReadBy(NotificationSource source) {
        notifications = source;
    }

    /** The server of the latest start, which may have ended since; 0 when that failed, or there was none. */
    int pid() {
        return pid;
    }

    /** A start came of it, or did not: 0. */
    void started(int newPid) {
        pid = newPid;
    }

    /** A new one for the next start, at a descriptor that is not lower than this. Aimed at the server as soon as it has a pid. */
    DeathSignal newDeathSignal(int lowest, int signal) {
        if (deathSignal != null) {
            deathSignal.close(); // of a start that failed, or of a server that has ended
        }
        DeathSignal made = DeathSignal.create(lowest, signal);
        deathSignal = made;
        return made;
    }

    /** The start was not made, and nobody gets the death signal. */
    void startFailed() {
        if (deathSignal != null) {
            deathSignal.close();
            deathSignal = null;
        }
    }

    /** The start was made: its process group gets the death signal. */
    void deathSignalIsAimedAt(int newGroup) {
        group = newGroup;
    }

    /** Another process is the main one from now on, which may have left the process group of the first one. */
    void aimDeathSignalAt(int main) {
        int mainGroup = ProcessStat.of(main).map(ProcessStat::processGroup).orElse(0);
        if (deathSignal != null && mainGroup != group) {
            deathSignal.aimAt(mainGroup == main ? -main : main);
        }
    }

    /** Its server has gone, and another one goes on: what only it had is closed. */
    void leave(Supervisor supervisor) {
        if (notifications != null) {
            notifications.leave();
        }
        if (socket != null) {
            socket.close();
        }
        if (output != null) {
            output.leave(supervisor);
        }
        if (readyPipe != null) {
            readyPipe.leave();
        }
        if (deathSignal != null) {
            deathSignal.close();
        }
    }

    /**
     * Closes by what the server tells of itself, at the launcher's end.
     *
     * @param isLast whether what all servers write to is closed, too
     */
    void closeChannels(boolean isLast) {
        if (socket != null) {
            socket.close();
        }
        if (output != null && isLast) {
            output.close();
        } else if (output != null) {
            output.closeStreams();
        }
        if (readyPipe != null) {
            readyPipe.close();
        }
        if (pipes != null) {
            pipes.close();
        }
    }
}
