package dev.holdfast.instance;

import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.posix.processes.ProcessDescriptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Waits until an instance is ready, or gone. Changes nothing, and signals nobody. */
public final class InstanceWait {
    private final LockFile lockFile;
    private final long deadline;

    /**
     * Nothing waited for yet.
     *
     * @param lockFile where its lock is
     * @param timeout how long to wait, from now on; empty for ever
     */
    public InstanceWait(LockFile lockFile, Optional<Duration> timeout) {
        this.lockFile = lockFile;
        deadline = timeout.isPresent() ? System.nanoTime() + timeout.get().toNanos() : Long.MAX_VALUE;
    }

    /** What came of it. */
    public enum Result {
        /** It is as it was waited for. */
        DONE,
        /** It was there, and has ended without having been ready. */
        ENDED,
        /** The time is over. */
        TIMEOUT
    }

    /**
     * A result with what was seen last.
     *
     * @param result what came of it
     * @param last the last look
     */
    public record Outcome(Result result, Inspection last) {}

    /**
     * Waits until the instance is ready; one that does not run yet may still come. Blocks.
     *
     * @throws dev.holdfast.lock.UnsafeLockPathException if what stands there is no regular file
     * @throws dev.holdfast.lock.LockFileException if it may not be read
     */
    public Outcome ready() {
        boolean wasThere = false;
        try (InstanceWatch watch = new InstanceWatch(lockFile)) {
            while (true) {
                Inspection found = Inspection.of(lockFile);
                boolean isThere = isHeld(found);
                if (isThere
                        && found.record().isPresent()
                        && isReady(found.record().get())) {
                    return new Outcome(Result.DONE, found);
                }
                if (wasThere && isOver(found)) {
                    return new Outcome(Result.ENDED, found);
                }
                wasThere |= isThere;
                if (System.nanoTime() >= deadline) {
                    return new Outcome(Result.TIMEOUT, found);
                }
                await(watch, found);
            }
        }
    }

    /**
     * Waits until nothing of the instance is left. Blocks.
     *
     * @throws dev.holdfast.lock.UnsafeLockPathException if what stands there is no regular file
     * @throws dev.holdfast.lock.LockFileException if it may not be read
     */
    public Outcome gone() {
        try (InstanceWatch watch = new InstanceWatch(lockFile)) {
            while (true) {
                Inspection found = Inspection.of(lockFile);
                boolean isGone = found.verdict() == Inspection.Verdict.NOT_RUNNING
                        || found.verdict() == Inspection.Verdict.STALE;
                if (isGone || System.nanoTime() >= deadline) {
                    return new Outcome(isGone ? Result.DONE : Result.TIMEOUT, found);
                }
                await(watch, found);
            }
        }
    }

    private static boolean isHeld(Inspection found) {
        return switch (found.verdict()) {
            case RUNNING, ANSWERING, ORPHANED -> true;
            case DETACHED, STALE, UNVERIFIABLE, NOT_RUNNING -> false;
        };
    }

    private static boolean isOver(Inspection found) {
        return switch (found.verdict()) {
            case NOT_RUNNING, STALE, DETACHED -> true;
            case RUNNING, ANSWERING, ORPHANED, UNVERIFIABLE -> false;
        };
    }

    /** A server that reads its configuration again goes on serving. */
    public static boolean isReady(LockRecord record) {
        return switch (record.state()) {
            case READY, RUNNING, RELOADING -> true;
            case STARTING, STOPPING, RESTARTING -> false;
        };
    }

    private void await(InstanceWatch watch, Inspection found) {
        List<ProcessDescriptor> processes = new ArrayList<>();
        try {
            for (int pid : found.pids()) {
                Optional<ProcessDescriptor> process = ProcessDescriptor.open(pid);
                if (process.isPresent()) {
                    processes.add(process.get());
                }
            }
            int[] descriptors = new int[processes.size()];
            for (int i = 0; i < descriptors.length; i++) {
                descriptors[i] = processes.get(i).descriptor();
            }
            // One that has ended between the look and here wakes at once.
            boolean isAllThere = descriptors.length == found.pids().size();
            watch.await(isAllThere ? deadline : Math.min(deadline, System.nanoTime() + 1_000_000), descriptors);
        } finally {
            for (ProcessDescriptor process : processes) {
                process.close();
            }
        }
    }
}
