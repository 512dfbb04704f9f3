package dev.holdfast.supervise;

import dev.holdfast.posix.FileStatus;
import dev.holdfast.posix.ProcFs;
import dev.holdfast.posix.Self;
import dev.holdfast.posix.SocketTables;
import dev.holdfast.process.ProcessTree;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Whether a server that was started is ready yet: by its own word, or by what can be seen of it. */
final class Readiness implements AutoCloseable {
    private static final long NEVER = Long.MAX_VALUE;
    private static final long FIRST_LOOK_NANOS = 10_000_000;
    private static final long RARELY_NANOS = 200_000_000;

    private final ReadinessSettings settings;
    private final @Nullable HttpProbe http;
    private boolean portOpen;
    private boolean httpAnswered;
    private boolean logMatched;
    private boolean told;
    private boolean ready;
    private long timeoutAt;
    private long lookAt = NEVER;
    private long pause = FIRST_LOOK_NANOS;

    /** For a server that was started now. */
    Readiness(ReadinessSettings settings, long now) {
        this.settings = settings;
        portOpen = settings.port() == 0;
        httpAnswered = settings.url().isEmpty();
        logMatched = settings.logPattern().isEmpty();
        http = httpAnswered ? null : new HttpProbe(settings.url());
        timeoutAt =
                settings.timeout().isPresent() ? now + settings.timeout().get().toNanos() : NEVER;
        if (!portOpen) {
            lookAt = now + FIRST_LOOK_NANOS;
        }
    }

    boolean isReady() {
        return ready;
    }

    boolean isExpected() {
        return settings.isExpected();
    }

    /** What to poll for the answer of the URL; -1 for nothing. */
    int httpDescriptor() {
        return http == null || httpAnswered || ready ? -1 : http.descriptor();
    }

    void httpAnswered() {
        httpAnswered = true;
    }

    void logMatched() {
        logMatched = true;
    }

    /** The server said READY=1. */
    void told() {
        told = true;
    }

    /** Until when the server said that it needs. */
    void extendTo(long newTimeout) {
        if (timeoutAt != NEVER) {
            timeoutAt = Math.max(timeoutAt, newTimeout);
        }
    }

    /** Whether it has become ready just now. Tells it once. */
    boolean becameReady() {
        boolean holds = settings.isObserved() ? portOpen && httpAnswered && logMatched : told;
        if (ready || !holds) {
            return false;
        }
        ready = true;
        timeoutAt = NEVER;
        lookAt = NEVER;
        return true;
    }

    boolean isTooLate(long now) {
        return now >= timeoutAt;
    }

    /** When something is to be done, by {@link System#nanoTime}. */
    long deadline() {
        return Math.min(timeoutAt, lookAt);
    }

    /** No event tells that a port is listened on, so it is looked at, ever more rarely. */
    void look(long now) {
        if (now < lookAt) {
            return;
        }
        portOpen = isListening(settings.port());
        pause = Math.min(RARELY_NANOS, pause * 3 / 2);
        lookAt = portOpen ? NEVER : now + pause;
    }

    /** By this server's tree, not by anybody: what is left of another one may still have the port. */
    private static boolean isListening(int port) {
        Set<Long> sockets = SocketTables.listeningSockets(port);
        if (sockets.isEmpty()) {
            return false;
        }
        AtomicBoolean found = new AtomicBoolean();
        ProcessTree.forEachDescendant(Self.pid(), process -> {
            if (!found.get()) {
                int[] descriptors = ProcFs.descriptors(process.pid());
                // Another user's process shows nothing; then the listening alone must do.
                found.set(descriptors.length == 0 || hasOneOf(process.pid(), descriptors, sockets));
            }
        });
        return found.get();
    }

    private static boolean hasOneOf(int pid, int[] descriptors, Set<Long> sockets) {
        for (int fd : descriptors) {
            FileStatus behind = ProcFs.descriptorStatus(pid, fd).orElse(null);
            if (behind != null && behind.kind().equals("socket") && sockets.contains(behind.inode())) {
                return true;
            }
        }
        return false;
    }

    /** No more waiting: the server is stopped. */
    void giveUp() {
        timeoutAt = NEVER;
        lookAt = NEVER;
    }

    @Override
    public void close() {
        if (http != null) {
            http.close();
        }
    }
}
