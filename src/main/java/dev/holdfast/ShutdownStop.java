package dev.holdfast;

import dev.holdfast.posix.signals.Signals;
import dev.holdfast.process.ExitStatus;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the JVM runs when it shuts down, by System.exit, by TERM, INT or HUP, or since its last thread has ended: the
 * stop, and a watchdog that ends a JVM which does not.
 */
final class ShutdownStop extends Thread {
    /** For what comes after the stop hooks: the JVM's own end. */
    private static final Duration MARGIN = Duration.ofMillis(500);
    /** A logging framework may be shut down by now, and block. */
    private static final long LOG_MILLIS = 100;
    /** As if killed by SIGKILL, which is what a launcher would do now. */
    private static final int KILLED = ExitStatus.codeOf(Signals.KILL);

    /** With several instances in one JVM it is ended after the longest grace. */
    private static final AtomicLong LAST_DEADLINE = new AtomicLong(Long.MIN_VALUE);

    private static final Set<Holdfast> STOPPING = ConcurrentHashMap.newKeySet();

    private final Holdfast guard;
    private final Duration grace;

    ShutdownStop(Holdfast guard, String name, Duration grace) {
        super("holdfast-shutdown-" + name);
        this.guard = guard;
        this.grace = grace;
    }

    @Override
    public void run() {
        long deadline = System.nanoTime() + grace.plus(MARGIN).toNanos();
        LAST_DEADLINE.accumulateAndGet(deadline, Math::max);
        STOPPING.add(guard);
        daemon(() -> watch(deadline), "-watchdog");
        guard.stopInShutdown();
    }

    /** No event reports the JVM's end: this thread just does not live to see the timeout. */
    private void watch(long deadline) {
        try {
            var unused = new CountDownLatch(1).await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (deadline < LAST_DEADLINE.get()) {
                return;
            }
            daemon(this::tell, "-log").join(LOG_MILLIS);
        } catch (InterruptedException e) {
            return; // nobody of ours does that
        }
        STOPPING.forEach(Holdfast::releaseBeforeHalt);
        Runtime.getRuntime().halt(KILLED);
    }

    private void tell() {
        Log.warn("the JVM has not ended " + MARGIN.toMillis() + " ms after the grace of " + grace.toMillis()
                + " ms; what is left of its shutdown is cut off");
    }

    private Thread daemon(Runnable task, String suffix) {
        Thread thread = new Thread(task, getName() + suffix);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
