package dev.holdfast.supervise;

import dev.holdfast.posix.files.Terminal;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.process.Delivery;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.process.ProcessGroup;
import java.util.Optional;

/**
 * Who of launcher and server is in the foreground of the terminal.
 *
 * <p>The server has a process group of its own. While it has not touched the terminal, the launcher stays in the
 * foreground: Ctrl-C comes to the launcher, which stops the server gracefully and, at the second one, kills it. As soon
 * as the server reads the terminal or changes its settings, the kernel stops it with TTIN or TTOU; then it gets the
 * foreground and goes on, and from then on its keys are its own: an interactive program under the launcher works as
 * without it. Before the end the shell's group gets the terminal back.
 */
final class TerminalShare {
    private static final int NONE = 0;

    private final ServerTree server;
    private boolean given;
    /** Before the server could change them: it cannot while it is in the background. */
    private Optional<byte[]> settings = Optional.empty();

    TerminalShare(ServerTree server) {
        this.server = server;
    }

    /** The server was stopped by a signal: give it the terminal, or stop with it as the shell expects of a job. */
    void serverStopped(int signal) {
        int foreground = Terminal.foregroundGroup().orElse(NONE);
        if (foreground == NONE) {
            // No terminal, no job control: whoever stopped the server continues it, and we stay awake for stop
            // requests.
            return;
        }
        boolean wantsTerminal = signal == Signals.TTIN || signal == Signals.TTOU;
        // STOP is how an interactive shell carries out its "suspend".
        boolean suspended = signal == Signals.TSTP || (signal == Signals.STOP && foreground == server.pid());
        if (wantsTerminal && foreground == Self.processGroup()) {
            give();
        } else if (wantsTerminal || suspended) {
            stopWithServer(wantsTerminal ? signal : Signals.TSTP);
        }
    }

    private void stopWithServer(int signal) {
        takeBack();
        // Blocks here until the shell's "fg" or "bg" continues this process.
        boolean wasStopped = Signals.stopSelf(signal);
        if (given && isForeground(Self.processGroup())) {
            Terminal.setForegroundGroup(server.pid());
        }
        // Where no shell does job control, Ctrl-Z has no effect; but a server that wants a terminal that it cannot get
        // would be stopped again at once, for ever.
        if (wasStopped || signal == Signals.TSTP) {
            var unused = server.signalGroup(Signals.CONT); // of one's own session everybody may be continued
        }
    }

    private void give() {
        if (settings.isEmpty()) {
            settings = Terminal.settings();
        }
        given = Terminal.setForegroundGroup(server.pid());
        var unused = server.signalGroup(Signals.CONT); // of one's own session everybody may be continued
    }

    /** Whether the server has, or had, the foreground. */
    boolean wasGiven() {
        return given;
    }

    /** Ctrl-Z while the launcher is in the foreground: the whole job stops. */
    Delivery suspend() {
        return server.signalGroup(Signals.TSTP);
    }

    /** Gives the terminal back to the launcher's group, which is the shell's job. */
    void takeBack() {
        int foreground = Terminal.foregroundGroup().orElse(NONE);
        if (given && foreground != NONE && (foreground == server.pid() || isEmpty(foreground))) {
            Terminal.setForegroundGroup(Self.processGroup());
        }
    }

    /** A job of the server's, if it was a shell, which died in the foreground. Signal 0 only asks. */
    private static boolean isEmpty(int group) {
        return ProcessGroup.send(group, 0) == Delivery.GONE;
    }

    /** All is over. A server that died badly may have left the terminal without echo, or in raw mode. */
    void end(ExitStatus status) {
        if (!given) {
            return;
        }
        takeBack();
        if (status.signal() != 0) {
            settings.ifPresent(Terminal::restore);
        }
    }

    private static boolean isForeground(int group) {
        return Terminal.foregroundGroup().orElse(0) == group;
    }
}
