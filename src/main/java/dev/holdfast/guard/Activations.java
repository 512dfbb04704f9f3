package dev.holdfast.guard;

import dev.holdfast.control.ControlCall;
import dev.holdfast.control.LongAnswer;
import dev.holdfast.control.Payload;
import dev.holdfast.hook.Hooks;
import dev.holdfast.hook.ReadyCommandStarter;
import dev.holdfast.hook.SecondLaunch;
import dev.holdfast.journal.Journal;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.processes.Children;
import dev.holdfast.settings.ActivationSettings;
import dev.holdfast.supervise.ControlWork;
import dev.holdfast.supervise.HelperProcess;
import dev.holdfast.supervise.Supervisor;
import dev.holdfast.text.Durations;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Second launches that hand their arguments to the running server: one after the other in the order in which they came,
 * once the server is ready. Whoever asked is told that its turn has come before anything is done, so an activation of which
 * nobody was told that has not happened, and will not. Not safe for use by many threads.
 */
final class Activations {
    private static final long NEVER = Ticker.NEVER;
    /** Killed processes are gone within milliseconds; one that is not keeps nobody from its turn for longer. */
    private static final long DYING_NANOS = 100_000_000;
    /** For a server that is still starting. */
    private static final long MOST_STARTING_NANOS = Duration.ofMinutes(1).toNanos();

    private final ActivationSettings settings;
    private final RecordKeeper keeper;
    private final Supervisor supervisor;
    private final Hooks hooks;
    private final Journal journal;
    private final GraphicalSession session;
    private final Ticker ticker;
    private final ArrayDeque<Activation> queue = new ArrayDeque<>();
    private @Nullable HelperProcess running;
    private long killAt = NEVER;

    /** For an instance that can be activated. */
    Activations(
            ActivationSettings settings,
            RecordKeeper keeper,
            Supervisor supervisor,
            Hooks hooks,
            Journal journal,
            GraphicalSession session,
            Ticker ticker) {
        this.settings = settings;
        this.keeper = keeper;
        this.supervisor = supervisor;
        this.hooks = hooks;
        this.journal = journal;
        this.session = session;
        this.ticker = ticker;
    }

    /** One that waits for its payload. */
    ControlWork activation(ControlCall call, String from) {
        long until = ticker.nanoTime()
                + call.patience().toNanos()
                + settings.timeout().toNanos()
                + MOST_STARTING_NANOS;
        return new Activation(from, until);
    }

    /** Does what has come up: ends what takes too long, and begins what comes next. */
    void look() {
        HelperProcess command = running;
        if (command != null && command.status().isPresent()) {
            over(command);
            finish(LongAnswer.done(instanceId(), command.status().get().shellCode()));
        } else if (command != null && ticker.nanoTime() >= killAt) {
            if (command.isKilled()) {
                over(command); // it does not even die
            } else {
                finish(refusal(
                        "its command for that (--on-activate) took longer than " + Durations.text(settings.timeout()),
                        LongAnswer.Refusal.FAILED));
                kill(command);
            }
        }
        Activation next = queue.peek();
        if (running == null && next != null && next.step == Step.TOLD) {
            begin(next);
        }
    }

    private void begin(Activation next) {
        next.step = Step.RUNNING;
        journal.info("activating \"" + keeper.record().name() + "\" pid=" + supervisor.serverPid() + " arguments="
                + next.payload().arguments().length + " " + next.from);
        if (!supervisor.isServing()) {
            finish(refusal("its server has just ended", LongAnswer.Refusal.FAILED));
        } else if (settings.signal() != 0) {
            String obstacle = supervisor.signal(settings.signal());
            finish(
                    obstacle.isEmpty()
                            ? LongAnswer.done(instanceId(), 0)
                            : refusal(obstacle, LongAnswer.Refusal.FAILED));
        } else {
            run(next);
        }
    }

    private void run(Activation next) {
        int[] ends = next.descriptors;
        ReadyCommandStarter.Run run = hooks.activate(
                settings.command(),
                new SecondLaunch(next.payload(), ends[0], ends[1], ends[2]),
                supervisor.serverPid());
        if (run.pid() > 0) {
            running = new HelperProcess(run);
            killAt = ticker.nanoTime() + settings.timeout().toNanos();
        } else {
            run.close();
            finish(refusal(
                    "its command for that (--on-activate) cannot be run: " + Errno.describe(-run.pid()),
                    LongAnswer.Refusal.FAILED));
        }
    }

    /** The head of the queue is over. */
    private void finish(String line) {
        Activation head = queue.peek();
        if (head != null && head.step == Step.RUNNING) {
            queue.remove();
            head.last = line;
        }
    }

    /** When something is to be done, by the ticker. */
    long deadline() {
        Activation head = queue.peek();
        if (head == null) {
            return NEVER;
        }
        HelperProcess command = running;
        if (command != null) {
            return command.status().isPresent() ? ticker.nanoTime() : killAt;
        }
        boolean isDue = head.step == Step.TOLD || (head.step == Step.QUEUED && isUp()) || isStopping();
        return isDue ? ticker.nanoTime() : NEVER;
    }

    void heard(Children.News news) {
        if (running != null) {
            running.heard(news);
        }
    }

    /** What tells the server must not outlive it, nor count as something that it left. */
    void serverEnded() {
        HelperProcess command = running;
        if (command != null && command.status().isEmpty()) {
            kill(command);
            finish(refusal("its server has ended meanwhile", LongAnswer.Refusal.FAILED));
        }
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

    private boolean isUp() {
        LockRecord.State state = keeper.record().state();
        boolean isReady = state != LockRecord.State.STARTING && state != LockRecord.State.RESTARTING;
        return isReady && supervisor.isServing();
    }

    private boolean isStopping() {
        return supervisor.isStoppingForGood();
    }

    private String instanceId() {
        return keeper.record().instanceId();
    }

    private String refusal(String reason, String kind) {
        return LongAnswer.refusal(instanceId(), reason, kind);
    }

    /** How far one is. */
    private enum Step {
        /** Its payload has not come yet. */
        COMING,
        /** It waits for its turn. */
        QUEUED,
        /** It was told that its turn has come. */
        TOLD,
        /** It is being done. */
        RUNNING,
        /** Its last line was given out. */
        OVER
    }

    /** One second launch. */
    private final class Activation implements ControlWork {
        private final String from;
        private final long until;
        private Step step = Step.COMING;
        private @Nullable Payload payload;
        private int[] descriptors = new int[0];
        private String told = "";
        private String last = "";

        Activation(String from, long until) {
            this.from = from;
            this.until = until;
        }

        Payload payload() {
            if (payload == null) {
                throw new IllegalStateException("has not come yet");
            }
            return payload;
        }

        @Override
        public void begin(Payload received, int... withIt) {
            payload = received;
            descriptors = withIt.clone();
            Optional<String> obstacle = session.obstacle(received.variables());
            if (obstacle.isPresent()) {
                last = refusal(obstacle.get(), LongAnswer.Refusal.NEVER);
            } else {
                step = Step.QUEUED;
                queue.add(this);
            }
        }

        @Override
        public @Nullable String next() {
            if (last.isEmpty() && step == Step.QUEUED && isStopping()) {
                queue.remove(this);
                last = refusal("it is stopping", LongAnswer.Refusal.STOPPING);
            }
            if (!last.isEmpty()) {
                step = Step.OVER;
                return last;
            }
            if (step == Step.QUEUED && isUp() && queue.peek() == this && running == null) {
                step = Step.TOLD;
                return LongAnswer.progress(
                        instanceId(),
                        LongAnswer.Progress.RUNNING,
                        settings.timeout().toMillis());
            }
            String now = isUp() ? LongAnswer.Progress.QUEUED : LongAnswer.Progress.STARTING;
            if (step == Step.QUEUED && !now.equals(told)) {
                told = now;
                return LongAnswer.progress(instanceId(), now, 0);
            }
            return null;
        }

        @Override
        public boolean isOver() {
            return step == Step.OVER;
        }

        @Override
        public long deadline() {
            return step == Step.RUNNING ? NEVER : until;
        }

        /** What runs already goes on to its end: it cannot be told whether the server has heard of it. */
        @Override
        public void abandon() {
            if (step == Step.QUEUED || step == Step.TOLD) {
                queue.remove(this);
            }
            step = step == Step.RUNNING ? Step.RUNNING : Step.OVER;
        }
    }
}
