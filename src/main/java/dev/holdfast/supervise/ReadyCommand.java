package dev.holdfast.supervise;

import dev.holdfast.hook.ReadyCommandStarter;
import dev.holdfast.posix.processes.Children;
import dev.holdfast.posix.processes.ProcessStat;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.process.PinnedProcess;
import dev.holdfast.process.ProcessGroup;
import dev.holdfast.process.ProcessTree;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command that is run again and again until it ends with 0: then the server is ready. For servers whose readiness only
 * a program of their own can tell, such as those that run in a container or behind a tunnel.
 *
 * <p>Each run is watched, not waited for. It has its time; then, and when nobody wants to know any more, its process
 * group and all of its descendants get SIGKILL. What it leaves in its group dies with it. Not safe for use by many
 * threads.
 */
final class ReadyCommand implements AutoCloseable {
    private static final long NEVER = Ticker.NEVER;
    private static final long FIRST_NANOS = 20_000_000;
    private static final long RARELY_NANOS = 1_000_000_000;
    private static final long KILL_AGAIN_NANOS = 20_000_000;
    /** Killed processes are gone within milliseconds. */
    private static final int DYING_MILLIS = 100;

    private final ReadyCommandStarter starter;
    private final Duration timeout;
    private final Ticker ticker;
    private ReadyCommandStarter.@Nullable Run run;
    private boolean killed;
    private boolean over;
    private boolean succeeded;
    private String last = "was not run yet";
    private long nextAt;
    private long killAt = NEVER;
    private long pause = FIRST_NANOS;

    /** Its first run is due a moment after the server's start. */
    ReadyCommand(ReadyCommandStarter starter, Duration timeout, Ticker ticker) {
        this.starter = starter;
        this.timeout = timeout;
        this.ticker = ticker;
        nextAt = ticker.nanoTime() + FIRST_NANOS;
    }

    boolean hasSucceeded() {
        return succeeded;
    }

    /** How its last run ended, for a message. */
    String last() {
        return last;
    }

    /** Starts it, or ends a run that takes too long, when it is time. */
    void look() {
        long now = ticker.nanoTime();
        if (run != null && now >= killAt) {
            last = "took longer than its time";
            kill(run.pid());
            killAt = now + KILL_AGAIN_NANOS;
        } else if (run == null && !over && now >= nextAt) {
            start(now);
        }
    }

    private void start(long now) {
        killed = false;
        run = starter.start();
        if (run.pid() > 0) {
            killAt = now + timeout.toNanos();
        } else {
            last = "cannot be run";
            endRun(now);
        }
    }

    /** When something is to be done, by the ticker. */
    long deadline() {
        if (run != null) {
            return killAt;
        }
        return over ? NEVER : nextAt;
    }

    /** A child was reaped: perhaps this one. */
    void reaped(Children.News news) {
        if (run == null || news.pid() != run.pid() || news.change() == Children.Change.STOPPED) {
            return;
        }
        killWhatItLeft(news.pid());
        boolean wasKilled = news.change() == Children.Change.KILLED;
        if (!killed) {
            last = wasKilled ? "died of SIG" + Signals.name(news.status()) : "ended with code " + news.status();
            succeeded |= !wasKilled && news.status() == 0;
        }
        over |= succeeded;
        endRun(ticker.nanoTime());
    }

    private void endRun(long now) {
        if (run != null) {
            run.close();
            run = null;
        }
        killAt = NEVER;
        nextAt = now + pause;
        pause = Math.min(RARELY_NANOS, pause * 2);
    }

    /** The leader of its group is a child that has not been reaped, so the numbers are nobody else's. */
    private void kill(int pid) {
        killed = true;
        List<PinnedProcess> descendants = ProcessTree.descendantsOf(pid);
        var unused = ProcessGroup.send(pid, Signals.KILL); // what refuses it is told when it outlives the server
        for (PinnedProcess process : descendants) {
            var unusedEach = process.send(Signals.KILL);
            process.close();
        }
    }

    /** What it started and did not wait for has come to this process, its subreaper. */
    private static void killWhatItLeft(int group) {
        ProcessTree.forEachDescendant(Self.pid(), process -> {
            if (ProcessStat.of(process.pid()).map(ProcessStat::processGroup).orElse(0) == group) {
                var unused = process.send(Signals.KILL);
            }
        });
    }

    /** Nobody wants to know any more. Waits a moment for its death, so that it counts as nothing that the server left. */
    void giveUp() {
        over = true;
        if (run != null && run.pid() > 0) {
            try (PinnedProcess pinned = PinnedProcess.pin(run.pid()).orElse(null)) {
                kill(run.pid());
                killAt = ticker.nanoTime() + KILL_AGAIN_NANOS;
                if (pinned != null) {
                    var unused = pinned.awaitEnd(DYING_MILLIS);
                }
            }
        }
    }

    @Override
    public void close() {
        giveUp();
        if (run != null) {
            run.close();
            run = null;
        }
    }
}
