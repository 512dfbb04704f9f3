package dev.holdfast.supervise;

import dev.holdfast.hook.ReadyCommandStarter;
import dev.holdfast.posix.processes.Children;
import dev.holdfast.posix.processes.ProcessStat;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.process.PinnedProcess;
import dev.holdfast.process.ProcessGroup;
import dev.holdfast.process.ProcessTree;
import java.util.List;
import java.util.Optional;

/**
 * A command that runs beside the server as the leader of a process group: watched, not waited for. What it leaves in its
 * group dies with it. Not safe for use by many threads.
 */
public final class HelperProcess implements AutoCloseable {
    /** Killed processes are gone within milliseconds. */
    private static final int DYING_MILLIS = 100;

    private final ReadyCommandStarter.Run run;
    private Optional<ExitStatus> status = Optional.empty();

    /**
     * One that was started.
     *
     * @param run closed with this; its pid is a child's
     */
    public HelperProcess(ReadyCommandStarter.Run run) {
        this.run = run;
    }

    /** How it ended; empty while it runs. */
    public Optional<ExitStatus> status() {
        return status;
    }

    /** A child was reaped: perhaps this one. */
    public void heard(Children.News news) {
        if (status.isPresent() || news.pid() != run.pid() || news.change() == Children.Change.STOPPED) {
            return;
        }
        boolean wasKilled = news.change() == Children.Change.KILLED;
        status = Optional.of(wasKilled ? ExitStatus.killedBy(news.status()) : ExitStatus.exited(news.status()));
        killWhatItLeft(news.pid());
    }

    /** What it started and did not wait for has come to this process, its subreaper. */
    private static void killWhatItLeft(int group) {
        ProcessTree.forEachDescendant(Self.pid(), process -> {
            if (ProcessStat.of(process.pid()).map(ProcessStat::processGroup).orElse(0) == group) {
                var unused = process.send(Signals.KILL);
            }
        });
    }

    /** Kills it and all that descends from it, and waits a moment for its death. */
    public void kill() {
        if (status.isPresent()) {
            return;
        }
        // The leader of its group is a child that has not been reaped, so the numbers are nobody else's.
        List<PinnedProcess> descendants = ProcessTree.descendantsOf(run.pid());
        try (PinnedProcess pinned = PinnedProcess.pin(run.pid()).orElse(null)) {
            var unused = ProcessGroup.send(run.pid(), Signals.KILL);
            for (PinnedProcess process : descendants) {
                var unusedEach = process.send(Signals.KILL);
                process.close();
            }
            if (pinned != null) {
                var unusedWait = pinned.awaitEnd(DYING_MILLIS);
            }
        }
    }

    @Override
    public void close() {
        run.close();
    }
}
