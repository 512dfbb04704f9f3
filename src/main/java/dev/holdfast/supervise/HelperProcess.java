package dev.holdfast.supervise;

import dev.holdfast.hook.ReadyCommandStarter;
import dev.holdfast.posix.processes.Children;
import dev.holdfast.posix.processes.ProcessStat;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.process.PinnedProcess;
import dev.holdfast.process.ProcessGroup;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.process.ProcessTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A command that runs beside the server as the leader of a process group: watched, not waited for. What it leaves in its
 * group dies with it. Nothing here blocks. Not safe for use by many threads.
 */
public final class HelperProcess implements AutoCloseable {
    private final ReadyCommandStarter.Run run;
    private Optional<ExitStatus> status = Optional.empty();
    private boolean killed;

    /**
     * One that was started.
     *
     * @param run closed with this; its pid is a child's
     */
    public HelperProcess(ReadyCommandStarter.Run run) {
        this.run = run;
    }

    /** Who it is; not above 0 when it could not be started. */
    int pid() {
        return run.pid();
    }

    /** Whether it was killed here, and has ended or will. */
    public boolean isKilled() {
        return killed;
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

    /**
     * Kills it and its descendants. Does not wait for their death: {@link #heard} learns of it, within
     * milliseconds as a rule.
     *
     * @return who was killed; nobody when it had ended
     */
    public List<ProcessIdentity> kill() {
        if (status.isPresent() || run.pid() <= 0) {
            return List.of();
        }
        killed = true;
        // The leader of its group is a child that has not been reaped, so the numbers are nobody else's.
        List<PinnedProcess> processes = ProcessTree.descendantsOf(run.pid());
        PinnedProcess.pin(run.pid()).ifPresent(processes::add);
        var unused = ProcessGroup.send(run.pid(), Signals.KILL); // what refuses it is told when it outlives the server
        List<ProcessIdentity> identities = new ArrayList<>();
        for (PinnedProcess process : processes) {
            var unusedEach = process.send(Signals.KILL);
            identities.add(process.identity());
            process.close();
        }
        return identities;
    }

    @Override
    public void close() {
        run.close();
    }
}
