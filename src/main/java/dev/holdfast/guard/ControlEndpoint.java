package dev.holdfast.guard;

import dev.holdfast.command.ResolvedCommand;
import dev.holdfast.hook.Hooks;
import dev.holdfast.journal.Journal;
import dev.holdfast.lock.file.SocketFile;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.sockets.UnixListener;
import dev.holdfast.supervise.ControlSocket;
import dev.holdfast.supervise.Supervisor;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the control socket at its place beside the lock file while the server runs, through all restarts. Where it cannot
 * be had, that is told once, and the run goes on without. To be closed while the lock is still held.
 */
final class ControlEndpoint implements AutoCloseable {
    private final GuardSettings settings;
    private final Hooks hooks;
    private final Journal journal;
    private final ResolvedCommand command;
    private @Nullable ControlSocket socket;
    private @Nullable UnixListener listener;
    private boolean told;

    /** Closed still. */
    ControlEndpoint(GuardSettings settings, Hooks hooks, Journal journal, ResolvedCommand command) {
        this.settings = settings;
        this.hooks = hooks;
        this.journal = journal;
        this.command = command;
    }

    /**
     * Opens it, or puts it back when its file was removed. Never blocks.
     *
     * @return whether it was the first time
     */
    boolean keep(RecordKeeper keeper, Supervisor supervisor) {
        boolean isFirst = socket == null;
        ControlSocket open = socket;
        if (open == null) {
            SameCommand same = new SameCommand(command, settings);
            open = new ControlSocket(new ControlHandler(settings, keeper, supervisor, same, hooks, journal));
            socket = open;
            supervisor.serve(open);
        }
        if (listener == null || !listener.isStillAtPath()) {
            listener = listen();
            if (listener != null) {
                open.listenOn(listener);
            }
        }
        return isFirst;
    }

    /** The server has ended: what works beside it ends, too. */
    void serverEnded() {
        if (socket != null) {
            socket.serverEnded();
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
