package dev.holdfast.cli;

import dev.holdfast.advisory.AdvisoryHoldersText;
import dev.holdfast.advisory.LockedCommand;
import dev.holdfast.advisory.SharedLayers;
import dev.holdfast.advisory.SignalInterrupter;
import dev.holdfast.command.Environment;
import dev.holdfast.command.ResolvedCommand;
import dev.holdfast.commands.OtherCommands;
import dev.holdfast.config.LockArguments;
import dev.holdfast.config.LockOption;
import dev.holdfast.config.LockSettings;
import dev.holdfast.console.Console;
import dev.holdfast.console.ExitCode;
import dev.holdfast.lock.AdvisoryLock;
import dev.holdfast.lock.Hold;
import dev.holdfast.lock.LockFileException;
import dev.holdfast.lock.LockTimeoutException;
import dev.holdfast.lock.NetworkLocks;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.signals.SignalQueue;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.settings.NetworkPolicy;
import dev.holdfast.settings.TimeoutPolicy;
import dev.holdfast.text.Durations;
import dev.holdfast.text.Printable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** {@code holdfast lock}: wait for an advisory lock, and run a command while it is held, as flock(1) does. */
final class LockCommand {
    /** Longer than any uptime. */
    private static final Duration FOR_EVER = Duration.ofDays(100_000);

    private static final byte[] SHELL = bytes("/bin/sh");

    private final Words words;
    private final Environment environment = LaunchScript.environment();

    /**
     * Nothing is read or locked yet.
     *
     * @param words all that follows {@code lock}
     */
    LockCommand(Words words) {
        this.words = words;
    }

    /** Runs it to its end; the process's exit code. */
    int execute() {
        try {
            LockArguments said = LockArguments.parse(words.texts());
            if (said.isSet(LockOption.PROBE)) {
                return OtherCommands.probe().execute(said, words.texts());
            }
            LockSettings settings = LockSettings.read(said, words.texts());
            return underLock(settings, ResolvedCommand.resolve(command(said), environment.bytes("PATH")));
        } catch (LockFileException e) {
            Console.complain(Failures.text(e, "lock"));
            return exitCode(e.errno()).number();
        }
    }

    /** As flock(1): the user's shell, if the environment names one. */
    private List<byte[]> command(LockArguments said) {
        String line = said.values().get(LockOption.COMMAND);
        if (line == null) {
            return words.bytesFrom(said.commandIndex());
        }
        byte[] shell = environment.bytes("SHELL");
        return List.of(shell.length == 0 ? SHELL : shell, bytes("-c"), words.bytesOf(line));
    }

    private int underLock(LockSettings settings, ResolvedCommand command) {
        List<Integer> inherited = LaunchScript.caller().descriptors();
        RunCommand.requireBlockedSignals(inherited);
        try (SignalQueue signals = SignalQueue.open();
                AdvisoryLock lock = open(settings)) {
            SharedLayers.of(lock.path().toString())
                    .ifPresent(other -> Console.complain("warning: " + SharedLayers.text(other)));
            tellWhoIsWaitedFor(lock, settings);
            long asked = System.nanoTime();
            SignalInterrupter interrupter = SignalInterrupter.begin(signals);
            try (Hold hold = acquire(lock, settings.timeout().orElse(FOR_EVER), interrupter)) {
                interrupter.requireRead();
                if (interrupter.stopSignal() != 0) {
                    return stopped(interrupter);
                }
                if (settings.verbose()) {
                    Console.complain("got " + lock + " after " + (System.nanoTime() - asked) / 1_000_000 + " ms");
                }
                LockedCommand locked = new LockedCommand(hold, environment, inherited, signals, Console::complain);
                if (settings.inherit()) {
                    throw locked.become(command, interrupter.kept());
                }
                ExitStatus end = locked.run(command, interrupter.kept());
                locked.dieOfInterruptKey(end);
                return end.shellCode();
            } catch (LockTimeoutException e) {
                return notInTime(settings, e);
            } catch (InterruptedException e) {
                interrupter.requireRead();
                return stopped(interrupter); // nobody else interrupts
            }
        }
    }

    /** As flock(1), which a script around it does not outlive. The kernel closes what is open. */
    private static int stopped(SignalInterrupter interrupter) {
        if (interrupter.stopSignal() == Signals.INT) {
            Signals.dieOf(Signals.INT);
        }
        return ExitStatus.codeOf(interrupter.stopSignal());
    }

    private static AdvisoryLock open(LockSettings settings) {
        Path file = Path.of(settings.file());
        NetworkLocks network = settings.network() == NetworkPolicy.ALLOW ? NetworkLocks.ALLOW : NetworkLocks.REFUSE;
        return settings.shared() ? AdvisoryLock.shared(file, network) : AdvisoryLock.exclusive(file, network);
    }

    private static Hold acquire(AdvisoryLock lock, Duration timeout, SignalInterrupter interrupter)
            throws InterruptedException {
        try (interrupter) {
            return lock.acquire(timeout);
        }
    }

    private static void tellWhoIsWaitedFor(AdvisoryLock lock, LockSettings settings) {
        boolean waits =
                settings.timeout().isEmpty() || !settings.timeout().get().isZero();
        if (settings.verbose() && waits) {
            var holders = lock.holders();
            if (!holders.isEmpty()) {
                Console.complain("waiting for " + lock + ", " + AdvisoryHoldersText.of(holders, lock.path()));
            }
        }
    }

    private static int notInTime(LockSettings settings, LockTimeoutException failure) {
        String waited = failure.timeout().isZero() ? "" : " after " + Durations.text(failure.timeout());
        String why = "lock \"" + Printable.line(failure.path().toString()) + "\" is "
                + Printable.line(AdvisoryHoldersText.of(failure.holders(), failure.path())) + waited;
        if (settings.onTimeout() == TimeoutPolicy.SKIP) {
            Console.complain("warning: command skipped: " + why);
            return ExitCode.OK.number();
        }
        // As flock(1): whoever does not wait asks a question, and its answer is the code.
        if (settings.verbose() || !failure.timeout().isZero()) {
            Console.complain(why);
        }
        return settings.conflictExitCode();
    }

    /** The codes of flock(1). */
    private static ExitCode exitCode(int errno) {
        return switch (errno) {
            case Errno.ENOLCK, Errno.ENOMEM, Errno.EMFILE, Errno.ENFILE -> ExitCode.SYSTEM;
            case Errno.EROFS, Errno.ENOSPC -> ExitCode.CANNOT_CREATE;
            case Errno.ENOSYS, Errno.EOPNOTSUPP, Errno.EBADF, Errno.EIO -> ExitCode.NO_LOCKS;
            default -> ExitCode.UNREADABLE;
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
