package dev.holdfast.guard;

import dev.holdfast.control.LongAnswer;
import dev.holdfast.hook.Hooks;
import dev.holdfast.hook.ReadyCommandStarter;
import dev.holdfast.hook.SecondLaunch;
import dev.holdfast.journal.Journal;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.processes.Children;
import dev.holdfast.settings.ActivationSettings;
import dev.holdfast.supervise.HelperProcess;
import dev.holdfast.supervise.Supervisor;
import dev.holdfast.text.Durations;
import dev.holdfast.waiting.Ticker;
import org.jspecify.annotations.Nullable;

/** Tells a launcher's server of a second launch, by a command or by a signal. Not safe for use by many threads. */
final class ServerActivation implements ActivationTarget {
    private static final long NEVER = Ticker.NEVER;
    /** Killed processes are gone within milliseconds; one that is not keeps nobody from its turn for longer. */
    private static final long DYING_NANOS = 100_000_000;

    private final ActivationSettings settings;
    private final RecordKeeper keeper;
    private final Supervisor supervisor;
    private final Hooks hooks;
    private final Journal journal;
    private final Ticker ticker;
    private @Nullable HelperProcess running;
    private long killAt = NEVER;
    private @Nullable String last;

    /** For an instance that can be activated. */
    ServerActivation(
            ActivationSettings settings,
            RecordKeeper keeper,
            Supervisor supervisor,
            Hooks hooks,
            Journal journal,
            Ticker ticker) {
        this.ticker = ticker;
        this.settings = settings;
        this.keeper = keeper;
        this.supervisor = supervisor;
        this.hooks = hooks;
        this.journal = journal;
    }

    @Override
    public String instanceId() {
        return keeper.record().instanceId();
    }

    @Override
    public boolean isUp() {
        LockRecord.State state = keeper.record().state();
        boolean isReady = state != LockRecord.State.STARTING && state != LockRecord.State.RESTARTING;
        return isReady && supervisor.isServing();
    }

    @Override
    public boolean isStopping() {
        return supervisor.isStoppingForGood();
    }

    @Override
    public boolean isBusy() {
        return running != null;
    }

    @Override
    public long timeoutMillis() {
        return settings.timeout().toMillis();
    }

    @Override
    public void begin(SecondLaunch launch, String from) {
        journal.info("activating \"" + keeper.record().name() + "\" pid=" + supervisor.serverPid() + " arguments="
                + launch.payload().arguments().length + " " + from);
        if (!supervisor.isServing()) {
            last = failed("its server has just ended");
        } else if (settings.signal() != 0) {
            String obstacle = supervisor.signal(settings.signal());
            last = obstacle.isEmpty() ? LongAnswer.done(instanceId(), 0) : failed(obstacle);
        } else {
            run(launch);
        }
    }

    private void run(SecondLaunch launch) {
        ReadyCommandStarter.Run run = hooks.activate(settings.command(), launch, supervisor.serverPid());
        if (run.pid() > 0) {
            running = new HelperProcess(run);
            killAt = ticker.nanoTime() + settings.timeout().toNanos();
        } else {
            run.close();
            last = failed("its command for that (--on-activate) cannot be run: " + Errno.describe(-run.pid()));
        }
    }

    @Override
    public @Nullable String result() {
        HelperProcess command = running;
        if (command != null && command.status().isPresent()) {
            over(command);
            if (!command.isKilled()) {
                last = LongAnswer.done(instanceId(), command.status().get().shellCode());
            }
        } else if (command != null && ticker.nanoTime() >= killAt) {
            if (command.isKilled()) {
                over(command); // it does not even die
            } else {
                last = failed(
                        "its command for that (--on-activate) took longer than " + Durations.text(settings.timeout()));
                kill(command);
            }
        }
        String line = last;
        last = null;
        return line;
    }

    /** Whoever waits for its turn waits for its death, too. */
    private void kill(HelperProcess command) {
        supervisor.helpersWereKilled(command.kill());
        killAt = ticker.nanoTime() + DYING_NANOS;
    }

    private void over(HelperProcess command) {
        command.close();
        running = null;
    }

    @Override
    public long deadline() {
        HelperProcess command = running;
        if (command == null) {
            return last == null ? NEVER : ticker.nanoTime();
        }
        return command.status().isPresent() || last != null ? ticker.nanoTime() : killAt;
    }

    void heard(Children.News news) {
        if (running != null) {
            running.heard(news);
        }
    }

    /** What tells the server must not outlive it, nor count as something that it left. */
    void serverEnded() {
        HelperProcess command = running;
        if (command != null && command.status().isEmpty() && !command.isKilled()) {
            kill(command);
            last = failed("its server has ended meanwhile");
        }
    }

    private String failed(String reason) {
        return LongAnswer.refusal(instanceId(), reason, LongAnswer.Refusal.FAILED);
    }
}
