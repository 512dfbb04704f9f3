package dev.holdfast.guard;

import dev.holdfast.journal.Journal;
import dev.holdfast.lock.file.SocketFile;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.sockets.UnixListener;
import dev.holdfast.supervise.Chore;
import dev.holdfast.supervise.ControlSocket;
import dev.holdfast.supervise.InstanceEvent;
import dev.holdfast.supervise.InstanceListener;
import dev.holdfast.supervise.Supervisor;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the control socket at its place beside the lock file while the server runs, through all restarts. Where it cannot
 * be had, that is told once, and the run goes on without. To be closed while the lock is still held.
 */
final class ControlEndpoint extends Chore implements InstanceListener, AutoCloseable {
    private final GuardSettings settings;
    private final Journal journal;
    private final RunningServer server;
    private final Ticker ticker;
    private final RecordKeeper keeper;
    private final Supervisor supervisor;
    private @Nullable ControlSocket socket;
    private @Nullable UnixListener listener;
    private boolean told;

    /** Closed still: opened when the server has run for a moment. */
    ControlEndpoint(
            GuardSettings settings,
            RunningServer server,
            Journal journal,
            RecordKeeper keeper,
            Supervisor supervisor,
            Ticker ticker) {
        super(ticker, server.share() == null ? Guard.FIRST_LOOK : Duration.ZERO); // clients wait for it
        this.settings = settings;
        this.journal = journal;
        this.server = server;
        this.keeper = keeper;
        this.supervisor = supervisor;
        this.ticker = ticker;
    }

    @Override
    protected void run() {
        keep();
    }

    /** Who removes the lock file may remove the socket's, too. */
    @Override
    public void lockChecked(InstanceEvent.LockChecked event) {
        keep();
    }

    /** What works beside the server ends with it. */
    @Override
    public void ended(InstanceEvent.Ended event) {
        if (socket != null) {
            socket.serverEnded();
        }
    }

    /** Opens it, or puts it back when its file was removed. Never blocks. */
    private void keep() {
        ControlSocket open = socket;
        if (open == null) {
            ControlHandler handler = new ControlHandler(settings, keeper, supervisor, server, journal, ticker);
            open = new ControlSocket(handler, ticker);
            socket = open;
            supervisor.add(open);
        }
        if (listener == null || !listener.isStillAtPath()) {
            listener = listen();
            if (listener != null) {
                open.listenOn(listener);
            }
        }
    }

    private @Nullable UnixListener listen() {
        SocketFile file = SocketFile.beside(settings.lockFile());
        Optional<String> obstacle = file.clear();
        if (obstacle.isEmpty()) {
            try {
                return UnixListener.bind(file.path());
            } catch (PosixException e) {
                obstacle = Optional.of(Errno.describe(e.errno()));
            }
        }
        if (!told) {
            told = true;
            journal.warn("no control socket, so status, stop and forced starts in other containers get no answer: "
                    + obstacle.get() + " file=" + file.path());
        }
        return null;
    }

    @Override
    public void close() {
        if (socket != null) {
            socket.close();
        }
    }
}
