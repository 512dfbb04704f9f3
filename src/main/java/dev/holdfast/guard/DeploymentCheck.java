package dev.holdfast.guard;

import dev.holdfast.hook.ReadyCommandStarter;
import dev.holdfast.posix.processes.Children;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.supervise.HelperProcess;
import dev.holdfast.text.Durations;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The command of {@code --check}, which runs beside the old server, in the new one's environment. */
final class DeploymentCheck {
    private final HelperProcess process;
    private final Duration timeout;
    private final Ticker ticker;
    private final long until;

    DeploymentCheck(ReadyCommandStarter.Run run, Duration timeout, Ticker ticker) {
        process = new HelperProcess(run);
        this.timeout = timeout;
        this.ticker = ticker;
        until = ticker.nanoTime() + timeout.toNanos();
    }

    void heard(Children.News news) {
        process.heard(news);
    }

    /** When {@link #isDecided} is to be asked, by the ticker. */
    long deadline() {
        return process.status().isPresent() ? ticker.nanoTime() : until;
    }

    /** Whether it has ended, or its time is over. */
    boolean isDecided() {
        return process.status().isPresent() || ticker.nanoTime() >= until;
    }

    /** Why the redeploy must not begin, once that is decided; empty when it may. */
    String obstacle() {
        Optional<ExitStatus> status = process.status();
        if (status.isEmpty()) {
            return "the command of --check took longer than " + Durations.text(timeout) + " (--hook-timeout)";
        }
        int code = status.get().shellCode();
        return code == 0
                ? ""
                : "the command of --check failed with exit code " + code + "; its output is in the launcher's";
    }

    /** Kills what is left of it, and does not wait. Returns who was killed. */
    List<ProcessIdentity> end() {
        List<ProcessIdentity> killed = process.kill();
        process.close();
        return killed;
    }
}
