package dev.holdfast.cli;

import dev.holdfast.console.Console;
import dev.holdfast.error.HoldfastException;
import dev.holdfast.instance.Refusal;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.signals.SignalQueue;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.stdio.RefusedConversation;
import dev.holdfast.waiting.EventWait;
import java.util.Optional;

/** The client whose server's start was refused. */
final class RefusedClient {
    private static final String CONFLICT = "conflict";
    private static final String START_FAILED = "start-failed";

    private RefusedClient() {}

    /**
     * Tells it why, as answers to its requests. Blocks for some seconds at the most.
     *
     * @param name the instance's
     * @param text as stderr has it already, so nothing is lost when this fails
     * @param code the refusal's
     * @return with which code the process ends: the refusal's, or that of the signal that came
     */
    static int tell(String name, Refusal refusal, String text, int code) {
        return tell(name, CONFLICT, refusal.incumbent().pid(), text, code);
    }

    /**
     * The same of any other reason.
     *
     * @param reason a word for programs
     * @param pid of whoever is in the way; 0 for nobody
     */
    static int tell(String name, String reason, int pid, String text, int code) {
        try (SignalQueue signals = SignalQueue.open()) {
            EventWait wait = new EventWait(signals, Signals.isIgnored(Signals.HUP));
            RefusedConversation.hold(text, reason, name, pid, wait);
            return wait.isStopRequested() ? codeOfStop(wait) : code;
        } catch (HoldfastException | LinkageError | OutOfMemoryError e) {
            return code; // no descriptor is left, or no memory for what the client says
        }
    }

    /**
     * Tells the user, and a client at the other end of stdin, why its server is not started. Blocks for some seconds at the
     * most.
     *
     * @param name the instance's; empty when that is not known
     * @return with which code the process ends
     */
    static int failed(String name, HoldfastException failure) {
        String text = Failures.text(failure, "run");
        Console.complain(text);
        return failed(name, text, Failures.exitCode(failure).number());
    }

    /** The same when the user has been told. */
    static int failed(String name, String text, int code) {
        return isAtOtherEnd() ? tell(name, START_FAILED, 0, text, code) : code;
    }

    /** A file or a terminal is nobody who waits for an answer. */
    private static boolean isAtOtherEnd() {
        Optional<FileStatus> stdin = FileStatus.ofTarget("/proc/self/fd/0");
        String kind = stdin.isPresent() ? stdin.get().kind() : "";
        return kind.equals("FIFO") || kind.equals("socket");
    }

    /** The exit code when a stop request has come. Does not return from Ctrl-C, of which each of our commands dies. */
    static int codeOfStop(EventWait wait) {
        if (wait.isInterruptKey()) {
            Signals.dieOf(Signals.INT);
        }
        return ExitStatus.codeOf(wait.stopSignal());
    }
}
