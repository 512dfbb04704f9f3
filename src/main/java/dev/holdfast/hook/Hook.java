package dev.holdfast.hook;

import dev.holdfast.command.Environment;
import dev.holdfast.command.ServerContext;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.processes.Children;
import dev.holdfast.posix.processes.ProcessAttributes;
import dev.holdfast.posix.processes.ProcessDescriptor;
import dev.holdfast.posix.processes.Spawn;
import dev.holdfast.posix.signals.DeathSignal;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.text.Durations;
import dev.holdfast.waiting.EventWait;
import dev.holdfast.waiting.Ticker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One shell command around the server, run in the server's place (its user, folder and environment) by {@code /bin/sh
 * -c}.
 *
 * <p>Its stdin is empty, its stdout goes to stderr, since stdout is the server's. It inherits nothing that holds the
 * lock. When its time is over it gets SIGKILL, and at its end, whatever that was, so does everything that it leaves
 * behind, as after systemd's ExecStartPre=: what shall go on running is a server, and has a launcher of its own. When the
 * launcher is killed, it dies, too. Not safe for use by many threads.
 */
final class Hook {
    private static final int STDERR = 2;
    private static final long KILL_AGAIN_NANOS = 20_000_000;

    private final String text;
    private final Environment environment;
    private final ServerContext context;
    private final Duration timeout;
    private final Duration grace;

    /**
     * A command that has not been run yet.
     *
     * @param text the shell command
     * @param environment what it is started with
     * @param context where and as whom it runs, as the server
     * @param timeout how long it may take
     * @param grace how long it may take after a stop request
     */
    Hook(String text, Environment environment, ServerContext context, Duration timeout, Duration grace) {
        this.text = text;
        this.environment = environment;
        this.context = context;
        this.timeout = timeout;
        this.grace = grace;
    }

    /**
     * How it ended.
     *
     * @param problem what is wrong, for a message; empty when it succeeded
     * @param left why something that it started is still there, for another message; empty when nothing is
     */
    record Result(String problem, String left) {

        boolean isSuccess() {
            return problem.isEmpty();
        }
    }

    /**
     * Runs it to its end. Blocks.
     *
     * @param wait tells of a stop request, which ends it by TERM and, after the grace period, by KILL
     * @return how it ended
     */
    Result run(EventWait wait) {
        Run run = begin(Ticker.SYSTEM);
        if (run.isRunning()) {
            run.await(wait);
        }
        return run.end();
    }

    /** Starts it, with its time by that ticker. Whoever begins it ends it. */
    Run begin(Ticker ticker) {
        Children.becomeSubreaper(); // what its children leave comes to us
        NewDescendants descendants = NewDescendants.fromNow();
        DeathSignal death = DeathSignal.create(FileDescriptors.FIRST_AFTER_STDERR, Signals.KILL);
        try {
            return new Run(descendants, death, startInPlace(death, STDERR), ticker);
        } catch (RuntimeException e) {
            death.close();
            throw e;
        }
    }

    /** One run of it, from its start to the end of all that it left behind: waited for, or watched by a loop. */
    final class Run {
        private final NewDescendants descendants;
        private final DeathSignal death;
        private final int pid;
        private final Ticker ticker;
        /** Null when it could not be started. */
        private final @Nullable ProcessDescriptor shell;

        /** Until when it may run. */
        private long deadline;
        /** Until when what is left of it may take to die of SIGKILL; {@link Ticker#NEVER} as long as it runs. */
        private long giveUpAt = Ticker.NEVER;

        private long killAgainAt = Ticker.NEVER;
        private boolean toldToStop;
        private boolean inTime;
        private boolean closed;
        private String left = "";

        private Run(NewDescendants descendants, DeathSignal death, int pid, Ticker ticker) {
            this.descendants = descendants;
            this.death = death;
            this.pid = pid;
            this.ticker = ticker;
            deadline = ticker.nanoTime() + timeout.toNanos();
            // Its pid is nobody else's at this moment: it has not been reaped.
            shell = pid < 0 ? null : ProcessDescriptor.open(pid).orElseThrow();
        }

        boolean isRunning() {
            return shell != null;
        }

        /** What becomes readable at its end; -1 once that is known. */
        int descriptor() {
            return shell == null || isEnding() ? -1 : shell.descriptor();
        }

        /** When {@link #isOver} is to be asked at the latest. */
        long deadline() {
            return isEnding() ? killAgainAt : deadline;
        }

        private boolean isEnding() {
            return giveUpAt != Ticker.NEVER;
        }

        /** A child of this process was reaped by others. */
        void childChanged(Children.News news) {
            descendants.childChanged(news);
        }

        /** Tells it to stop, and gives it the grace period. Does not wait. */
        void requestStop() {
            if (shell != null && !toldToStop && !isEnding()) {
                var unusedResult = shell.send(Signals.TERM); // whoever refuses is told of by what ends it all
                deadline = Math.min(deadline, ticker.nanoTime() + grace.toNanos());
                toldToStop = true; // it has not failed
            }
        }

        /**
         * Kills what is left of it when it has ended, or its time is over. Does not wait, and needs others to reap.
         *
         * @return whether nothing is left, or what is left does not die
         */
        boolean isOver(long now) {
            if (shell == null || closed) {
                return true;
            }
            if (!isEnding()) {
                if (now < deadline && !shell.hasEnded()) {
                    return false;
                }
                inTime = toldToStop || shell.hasEnded();
                giveUpAt = now + NewDescendants.PATIENCE.toNanos();
            }
            boolean isAnyLeft = descendants.killOnce() || !descendants.hasReaped(pid);
            if (isAnyLeft && now < giveUpAt && descendants.outOfReach().isEmpty()) {
                killAgainAt = now + KILL_AGAIN_NANOS; // the news of their end comes sooner, as a rule
                return false;
            }
            close(isAnyLeft && descendants.outOfReach().isEmpty() ? NewDescendants.SURVIVES : descendants.outOfReach());
            return true;
        }

        private void await(EventWait wait) {
            boolean ended = wait.await(deadline, descriptor());
            if (!ended && wait.isStopRequested() && shell != null) {
                var unusedResult = shell.send(Signals.TERM); // whoever refuses is told of by what ends it all
                var unused = shell.awaitEnd(millis(grace));
                toldToStop = true; // it has not failed
            }
        }

        /** Ends what is left of it, unless that is done. Blocks until what gets SIGKILL is gone, two seconds at the most. */
        Result end() {
            if (shell == null) {
                death.close();
                return new Result("cannot be run: " + Errno.describe(-pid), "");
            }
            if (!closed) {
                inTime = toldToStop || shell.hasEnded();
                close(descendants.end(ticker));
            }
            return inTime
                    ? result(descendants.statusOf(pid), left)
                    : new Result("took longer than " + Durations.text(timeout), left);
        }

        private void close(String whatIsLeft) {
            left = whatIsLeft;
            closed = true;
            if (shell != null) {
                shell.close();
            }
            death.close();
        }
    }

    /**
     * Starts it and does not wait; what it prints is thrown away, since it is run often.
     *
     * @param death what it dies of when this process does
     * @return its pid, or the negated error number
     */
    int startQuietly(DeathSignal death) {
        int nowhere = FileDescriptors.open("/dev/null", FileDescriptors.O_WRONLY, 0);
        if (nowhere < 0) {
            return nowhere;
        }
        try {
            return startInPlace(death, nowhere);
        } finally {
            FileDescriptors.close(nowhere);
        }
    }

    /**
     * Starts it with the launcher's own stderr for its output, and does not wait.
     *
     * @param death what it dies of when this process does
     * @return its pid, or the negated error number
     */
    int startLoudly(DeathSignal death) {
        return startInPlace(death, STDERR);
    }

    /**
     * Starts it for a second launch and does not wait.
     *
     * @param death what it dies of when this process does
     * @param launch whose arguments, folder and output it gets
     * @return its pid, or the negated error number
     */
    int startFor(SecondLaunch launch, DeathSignal death) {
        int before = ProcessAttributes.openFolder();
        if (before < 0) {
            return before;
        }
        try {
            return context.isDifferent() ? context.runIn(() -> startThere(launch, death)) : startThere(launch, death);
        } finally {
            ProcessAttributes.returnToFolder(before);
            FileDescriptors.close(before);
        }
    }

    private int startThere(SecondLaunch launch, DeathSignal death) {
        try {
            ProcessAttributes.returnToFolder(launch.folder());
        } catch (PosixException e) {
            return -e.errno();
        }
        return start(death, launch.output(), launch.errors(), launch);
    }

    private int startInPlace(DeathSignal death, int output) {
        return context.isDifferent()
                ? context.runIn(() -> start(death, output, output, null))
                : start(death, output, output, null);
    }

    private int start(DeathSignal death, int output, int errors, @Nullable SecondLaunch launch) {
        int empty = FileDescriptors.open("/dev/null", FileDescriptors.O_RDONLY, 0);
        if (empty < 0) {
            return empty;
        }
        try {
            List<byte[]> words = launch == null
                    ? List.of(bytes("sh"), bytes("-c"), bytes(text))
                    : List.of(bytes("sh"), bytes("-c"), bytes(text), bytes("sh"));
            Spawn spawn = new Spawn(bytes("/bin/sh"), words, environment.entries());
            spawn.passDescriptor(empty, 0);
            spawn.passDescriptor(output, 1);
            spawn.passDescriptor(errors, STDERR);
            if (launch != null) {
                spawn.appendArguments(
                        launch.payload().memory(), launch.payload().arguments());
            }
            spawn.dieOf(death); // with the group that it leads: what it has just started, too
            return spawn.start();
        } finally {
            FileDescriptors.close(empty);
        }
    }

    private static int millis(Duration duration) {
        return (int) Math.min(Integer.MAX_VALUE, duration.toMillis());
    }

    private static Result result(ExitStatus status, String left) {
        return new Result(status.shellCode() == 0 ? "" : "failed " + status.facts(), left);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
