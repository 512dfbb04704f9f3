package dev.holdfast.supervise;

import dev.holdfast.hook.ReadyCommandStarter;
import dev.holdfast.posix.processes.Children;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.process.ProcessIdentity;
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

    private final ReadyCommandStarter starter;
    private final Duration timeout;
    private final Ticker ticker;
    private @Nullable HelperProcess run;
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
            var unused = run.kill();
            killAt = now + KILL_AGAIN_NANOS;
        } else if (run == null && !over && now >= nextAt) {
            start(now);
        }
    }

    private void start(long now) {
        run = new HelperProcess(starter.start());
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
        if (run == null) {
            return;
        }
        run.heard(news);
        ExitStatus status = run.status().orElse(null);
        if (status == null) {
            return;
        }
        if (!run.isKilled()) {
            last = status.signal() == 0
                    ? "ended with code " + status.code()
                    : "died of SIG" + Signals.name(status.signal());
            succeeded |= status.signal() == 0 && status.code() == 0;
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

    /**
     * Nobody wants to know any more.
     *
     * @return who was killed for that, and is not reaped yet: nothing that the server leaves
     */
    List<ProcessIdentity> giveUp() {
        over = true;
        if (run == null) {
            return List.of();
        }
        killAt = ticker.nanoTime() + KILL_AGAIN_NANOS;
        return run.kill();
    }

    @Override
    public void close() {
        var unused = giveUp();
        if (run != null) {
            run.close();
            run = null;
        }
    }
}
