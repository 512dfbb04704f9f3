package dev.holdfast;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The parts of the server, stopped one after the other, the last registered first, within one grace.
 *
 * <p>Half of the grace is shared out evenly, so that each hook is sure of its part; the other half is for the first that
 * needs it. A hook that overruns is left to go on beside the next ones, and is interrupted when the grace is over.
 */
final class StopHooks {
    private final String name;
    private final List<StopHook> hooks;

    StopHooks(String name, List<StopHook> hooks) {
        this.name = name;
        this.hooks = List.copyOf(hooks);
    }

    /** Runs them all. Blocks for the grace at the most; an interruption does not shorten it. */
    void run(Duration grace) {
        long end = System.nanoTime() + grace.toNanos();
        List<HookThread> unfinished = new ArrayList<>();
        boolean interrupted = false;
        for (int left = hooks.size() - 1; left >= 0; left--) {
            HookThread thread = new HookThread(hooks.get(left), left + 1);
            thread.start();
            long reserved = grace.toNanos() / (2L * hooks.size()) * left;
            interrupted |= thread.await(end - reserved);
            if (thread.isAlive()) {
                unfinished.add(thread);
                if (left > 0) {
                    Log.warn("stop hook " + thread.number + " of \"" + name + "\" takes long; the next one begins");
                }
            }
        }
        for (HookThread thread : unfinished) {
            interrupted |= thread.await(end);
            if (thread.isAlive()) {
                Log.warn("stop hook " + thread.number + " of \"" + name + "\" has not ended within the grace of "
                        + grace.toMillis() + " ms; interrupted and left behind");
                thread.interrupt();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the calling thread runs a hook, of whatever instance. */
    static boolean isCallerAHook() {
        return Thread.currentThread() instanceof HookThread;
    }

    /** A daemon: one that hangs must not keep the JVM. */
    private final class HookThread extends Thread {
        private final StopHook hook;
        private final int number;

        HookThread(StopHook hook, int number) {
            super("holdfast-stop-" + name + "-" + number);
            this.hook = hook;
            this.number = number;
            setDaemon(true);
        }

        @Override
        public void run() {
            try {
                hook.stop();
            } catch (Throwable e) { // also an Error of one part: the others are stopped all the same
                Log.warn("stop hook " + number + " of \"" + name + "\" failed", e);
            }
        }

        /** Whether the waiting was interrupted; it goes on all the same. */
        boolean await(long deadline) {
            boolean interrupted = false;
            for (long left = deadline - System.nanoTime(); left > 0 && isAlive(); left = deadline - System.nanoTime()) {
                try {
                    // Rounded up: join(0) would be for ever.
                    join(left / 1_000_000 + 1);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            return interrupted;
        }
    }
}
