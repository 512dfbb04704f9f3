package dev.holdfast.embed;

import dev.holdfast.control.LongAnswer;
import dev.holdfast.control.Payload;
import dev.holdfast.guard.ActivationTarget;
import dev.holdfast.hook.SecondLaunch;
import dev.holdfast.journal.Journal;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.text.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells the program of a second launch by its receiver, in a thread that is made for each: a receiver that hangs costs
 * nobody but those who wait behind it. Called in the loop's thread, but for what says otherwise.
 */
final class ReceiverActivation implements ActivationTarget {
    private static final long NEVER = Long.MAX_VALUE;

    private final String name;
    private final String instanceId;
    private final Duration timeout;
    private final Journal journal;
    private final Runnable wake;
    private volatile @Nullable LaunchReceiver receiver;
    private volatile boolean stopping;
    private @Nullable Run running;
    private @Nullable String atOnce;

    /** One that the program was told of. */
    private static final class Run {
        private final long until;
        private volatile @Nullable String last;
        private @Nullable Thread thread;
        private boolean givenUp;

        Run(long until) {
            this.until = until;
        }
    }

    /**
     * Not ready: see {@link #receiveBy}.
     *
     * @param timeout how long the receiver may take
     * @param wake has the loop look
     */
    ReceiverActivation(String name, String instanceId, Duration timeout, Journal journal, Runnable wake) {
        this.name = name;
        this.instanceId = instanceId;
        this.timeout = timeout;
        this.journal = journal;
        this.wake = wake;
    }

    /** Ready from now on. For any thread. */
    void receiveBy(LaunchReceiver ready) {
        receiver = ready;
        wake.run();
    }

    /** Takes no more. For any thread. */
    void stop() {
        stopping = true;
        wake.run();
    }

    @Override
    public String instanceId() {
        return instanceId;
    }

    @Override
    public boolean isUp() {
        return receiver != null && !stopping;
    }

    @Override
    public boolean isStopping() {
        return stopping;
    }

    @Override
    public boolean isBusy() {
        return running != null;
    }

    @Override
    public long timeoutMillis() {
        return timeout.toMillis();
    }

    @Override
    public void begin(SecondLaunch launch, String from) {
        LaunchReceiver ready = receiver;
        if (ready == null || stopping) {
            atOnce = failed("it is just ending");
            return;
        }
        ReceivedLaunch received = copy(launch.payload());
        journal.info(
                "activating \"" + name + "\" arguments=" + received.arguments().size() + " " + from);
        int output;
        try {
            output = FileDescriptors.duplicateAtOrAbove(launch.output(), FileDescriptors.FIRST_AFTER_STDERR);
        } catch (PosixException e) {
            atOnce = failed("it has no descriptor left for the answer");
            return;
        }
        Run run = new Run(System.nanoTime() + timeout.toNanos());
        Thread thread = new Thread(() -> receive(ready, received, output, run), "holdfast-activate-" + name);
        thread.setDaemon(true);
        run.thread = thread;
        running = run;
        thread.start();
    }

    private static ReceivedLaunch copy(Payload payload) {
        List<byte[]> arguments = new ArrayList<>();
        for (int at : payload.arguments()) {
            int end = at;
            while (payload.memory().unsignedByte(end) != 0) {
                end++;
            }
            arguments.add(payload.memory().bytes(at, end - at));
        }
        return new ReceivedLaunch(arguments, payload.variables(), payload.folder());
    }

    /** In the thread of one activation. */
    private void receive(LaunchReceiver ready, ReceivedLaunch received, int output, Run run) {
        String line = failed("its code for that (onActivate) ended by an error");
        try {
            LaunchReceiver.Answer answer = ready.receive(received);
            AnswerText.write(output, answer.text(), run.until);
            line = LongAnswer.done(instanceId, answer.code());
        } catch (InterruptedException e) {
            line = failed("its code for that (onActivate) was interrupted");
        } catch (Exception e) {
            journal.warn("onActivate of \"" + name + "\" failed: " + e);
            line = failed(
                    "its code for that (onActivate) failed: " + e.getClass().getName());
        } finally {
            FileDescriptors.close(output);
            run.last = line;
            wake.run();
        }
    }

    @Override
    public @Nullable String result() {
        String line = atOnce;
        atOnce = null;
        Run run = running;
        if (run == null) {
            return line;
        }
        if (run.last != null) {
            running = null;
            return run.givenUp ? null : run.last;
        }
        if (!run.givenUp && System.nanoTime() >= run.until) {
            run.givenUp = true;
            if (run.thread != null) {
                run.thread.interrupt();
            }
            journal.warn("onActivate of \"" + name + "\" took longer than " + Durations.text(timeout)
                    + "; other launches wait until it is done");
            return failed("its code for that (onActivate) took longer than " + Durations.text(timeout));
        }
        return null;
    }

    @Override
    public long deadline() {
        Run run = running;
        if (run == null) {
            return atOnce == null ? NEVER : System.nanoTime();
        }
        if (run.last != null) {
            return System.nanoTime();
        }
        return run.givenUp ? NEVER : run.until;
    }

    private String failed(String reason) {
        return LongAnswer.refusal(instanceId, reason, LongAnswer.Refusal.FAILED);
    }
}
