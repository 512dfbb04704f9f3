package dev.holdfast.guard;

import dev.holdfast.control.ControlCall;
import dev.holdfast.control.LongAnswer;
import dev.holdfast.control.Payload;
import dev.holdfast.hook.SecondLaunch;
import dev.holdfast.supervise.ControlWork;
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
public final class Activations {
    /** The working directory, stdout and stderr of a second launch. */
    public static final int DESCRIPTORS = 3;

    private static final long NEVER = Ticker.NEVER;
    /** For a server that is still starting. */
    private static final long MOST_STARTING_NANOS = Duration.ofMinutes(1).toNanos();

    private final ActivationTarget target;
    private final GraphicalSession session;
    private final Ticker ticker;
    private final ArrayDeque<Activation> queue = new ArrayDeque<>();

    /**
     * For an instance that can be activated.
     *
     * @param target is told
     */
    public Activations(ActivationTarget target, Ticker ticker) {
        this.target = target;
        this.ticker = ticker;
        session = GraphicalSession.ofThisProcess();
    }

    /** One that waits for its payload. */
    public ControlWork activation(ControlCall call, String from) {
        long until = ticker.nanoTime()
                + call.patience().toNanos()
                + Duration.ofMillis(target.timeoutMillis()).toNanos()
                + MOST_STARTING_NANOS;
        return new Activation(from, until);
    }

    /** Does what has come up: gives out what is over, and begins what comes next. */
    public void look() {
        String line = target.result();
        if (line != null) {
            finish(line);
        }
        Activation next = queue.peek();
        if (!target.isBusy() && next != null && next.step == Step.TOLD) {
            next.step = Step.RUNNING;
            int[] ends = next.descriptors;
            target.begin(new SecondLaunch(next.payload(), ends[0], ends[1], ends[2]), next.from);
            String atOnce = target.result();
            if (atOnce != null) {
                finish(atOnce);
            }
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
    public long deadline() {
        long running = target.deadline();
        Activation head = queue.peek();
        if (head == null || running != NEVER) {
            return running;
        }
        boolean isDue = (head.step == Step.TOLD && !target.isBusy())
                || (head.step == Step.QUEUED && target.isUp() && !target.isBusy())
                || target.isStopping();
        return isDue ? ticker.nanoTime() : NEVER;
    }

    private String refusal(String reason, String kind) {
        return LongAnswer.refusal(target.instanceId(), reason, kind);
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
            if (last.isEmpty() && step == Step.QUEUED && target.isStopping()) {
                queue.remove(this);
                last = refusal("it is stopping", LongAnswer.Refusal.STOPPING);
            }
            if (!last.isEmpty()) {
                step = Step.OVER;
                return last;
            }
            if (step == Step.QUEUED && target.isUp() && queue.peek() == this && !target.isBusy()) {
                step = Step.TOLD;
                return LongAnswer.progress(target.instanceId(), LongAnswer.Progress.RUNNING, target.timeoutMillis());
            }
            String now = target.isUp() ? LongAnswer.Progress.QUEUED : LongAnswer.Progress.STARTING;
            if (step == Step.QUEUED && !now.equals(told)) {
                told = now;
                return LongAnswer.progress(target.instanceId(), now, 0);
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
