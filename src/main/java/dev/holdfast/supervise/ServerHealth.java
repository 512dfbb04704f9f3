package dev.holdfast.supervise;

import dev.holdfast.posix.processes.Children;
import dev.holdfast.waiting.Ticker;

/**
 * Whether a server is well: ready in time, and not silent since. Only found out here; what follows is decided by {@link
 * ServerLife}. Not safe for use by many threads.
 */
final class ServerHealth implements AutoCloseable {
    private final ServerTree server;
    private final Readiness readiness;
    private final Watchdog watchdog;
    /** Why it has failed, in a sentence without its subject; empty while it has not. */
    private String failure = "";
    /** What was waited for in vain; empty for nothing. */
    private String missing = "";

    /** For a server that was started now. */
    ServerHealth(ServerTree server, SupervisorSettings settings, Ticker ticker) {
        this.server = server;
        readiness = new Readiness(settings.readiness(), settings.readyCommand(), server, ticker);
        watchdog = new Watchdog(settings.readiness().watchdog(), ticker);
        if (!readiness.isExpected()) {
            watchdog.start();
        }
    }

    Readiness readiness() {
        return readiness;
    }

    /** Whether it failed by more than its exit code: never became ready, or fell silent. */
    boolean hasFailed() {
        return !failure.isEmpty();
    }

    /** Why it has failed so, in a sentence without its subject. */
    String failure() {
        return failure;
    }

    /** Whether it has become ready just now. Tells it once. */
    boolean becameReady() {
        boolean isNew = readiness.becameReady();
        if (isNew) {
            watchdog.start();
        }
        return isNew;
    }

    /** Whether it has not become ready in time, and so has failed. */
    boolean isTooLate() {
        if (!readiness.isTooLate()) {
            return false;
        }
        missing = readiness.whatIsMissing();
        failure = "it was not ready in time: " + missing;
        return true;
    }

    /** What was waited for in vain; empty for nothing. */
    String missing() {
        return missing;
    }

    /** Whether it has fallen silent, and so has failed. */
    boolean isSilent() {
        if (!watchdog.hasExpired()) {
            return false;
        }
        failure = "it fell silent: its watchdog heard nothing in time";
        return true;
    }

    /**
     * It has failed in a way that others have found.
     *
     * @param what a sentence without its subject
     */
    void fail(String what) {
        failure = what;
    }

    /** What the server says of its watchdog. */
    void notified(Notification said) {
        said.nanos("WATCHDOG_USEC").ifPresent(watchdog::setPeriod);
        if (said.says("WATCHDOG=1")) {
            watchdog.ping();
        } else if (said.says("WATCHDOG=trigger")) {
            watchdog.trigger();
        }
    }

    /** Until when the server said that it needs, by the ticker. */
    void extendTo(long time) {
        readiness.extendTo(time);
        watchdog.extendTo(time);
    }

    /** A child was reaped, which may be a run of the command that shows that it is ready. */
    void reaped(Children.News news) {
        readiness.reaped(news);
    }

    /**
     * Nobody waits for it any more: it is stopped, or has ended. The command is killed, if one runs, and is nothing that the
     * server leaves. The watchdog's deadline would pass again and again.
     */
    void giveUp() {
        server.helpersWereKilled(readiness.giveUp());
        watchdog.stop();
    }

    void look() {
        readiness.look();
    }

    /** When something is to be done, by the ticker. */
    long deadline() {
        return Math.min(readiness.deadline(), watchdog.deadline());
    }

    @Override
    public void close() {
        readiness.close();
    }
}
