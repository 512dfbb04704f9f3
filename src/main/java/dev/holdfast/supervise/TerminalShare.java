package dev.holdfast.supervise;

import dev.holdfast.posix.Self;
import dev.holdfast.posix.Signals;
import dev.holdfast.posix.Terminal;

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
    private final ServerProcess server;
    private boolean given;

    TerminalShare(ServerProcess server) {
        this.server = server;
    }

    /** The server was stopped by a signal: give it the terminal, or stop with it as the shell expects of a job. */
    void serverStopped(int signal) {
        boolean wantsTerminal = signal == Signals.TTIN || signal == Signals.TTOU;
        if (wantsTerminal && isForeground(Self.processGroup())) {
            give();
        } else if (wantsTerminal || signal == Signals.TSTP) {
            takeBack();
            // Blocks here until the shell's "fg" or "bg" continues this process.
            var unused = Self.kill(Self.pid(), Signals.STOP);
            if (given && isForeground(Self.processGroup())) {
                Terminal.setForegroundGroup(server.pid());
            }
            server.signalGroup(Signals.CONT);
        }
    }

    private void give() {
        given = Terminal.setForegroundGroup(server.pid());
        server.signalGroup(Signals.CONT);
    }

    /** Ctrl-Z while the launcher is in the foreground: the whole job stops. */
    void suspend() {
        server.signalGroup(Signals.TSTP);
    }

    /** Gives the terminal back to the launcher's group, which is the shell's job. */
    void takeBack() {
        if (given && isForeground(server.pid())) {
            Terminal.setForegroundGroup(Self.processGroup());
        }
    }

    private static boolean isForeground(int group) {
        return Terminal.foregroundGroup().orElse(0) == group;
    }
}
