package dev.holdfast.supervise;

import dev.holdfast.hook.ReadyCommandStarter;
import dev.holdfast.posix.processes.Children;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.settings.ReadinessSettings;
import dev.holdfast.waiting.Ticker;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a server that was started is ready yet: by its own word, or by what can be seen of it. */
final class Readiness implements AutoCloseable {
    private static final long NEVER = Ticker.NEVER;
    private static final long FIRST_LOOK_NANOS = 10_000_000;
    private static final long RARELY_NANOS = 200_000_000;

    private final ReadinessSettings settings;
    private final ServerTree server;
    private final Ticker ticker;
    private final @Nullable HttpProbe http;
    private final @Nullable ReadyCommand command;
    private boolean portOpen;
    private boolean httpAnswered;
    private boolean logMatched;
    private boolean newlineCame;
    private boolean endWithoutNewline;
    private boolean told;
    private boolean ready;
    private long timeoutAt;
    private long lookAt = NEVER;
    private long pause = FIRST_LOOK_NANOS;

    /** For a server that was started now. */
    Readiness(ReadinessSettings settings, ReadyCommandStarter starter, ServerTree server, Ticker ticker) {
        this.settings = settings;
        this.server = server;
        this.ticker = ticker;
        long now = ticker.nanoTime();
        portOpen = settings.port() == 0;
        httpAnswered = settings.url().isEmpty();
        logMatched = settings.logPattern().isEmpty();
        newlineCame = settings.descriptor() == 0;
        http = httpAnswered ? null : new HttpProbe(settings.url(), server);
        command = settings.command().isEmpty() ? null : new ReadyCommand(starter, settings.commandTimeout(), ticker);
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

    /** The server wrote a newline to its descriptor. */
    void newlineCame() {
        newlineCame = true;
    }

    /** Nobody has the server's descriptor any more, and no newline came. */
    void endedWithoutNewline() {
        endWithoutNewline = true;
    }

    /** The server said READY=1. */
    void told() {
        told = true;
    }

    /** Until when the server said that it needs, by the ticker. */
    void extendTo(long newTimeout) {
        if (timeoutAt != NEVER) {
            timeoutAt = Math.max(timeoutAt, newTimeout);
        }
    }

    /** Whether it has become ready just now. Tells it once. */
    boolean becameReady() {
        boolean holds = settings.isObserved() ? areAllSeen() : told;
        if (ready || !holds) {
            return false;
        }
        ready = true;
        timeoutAt = NEVER;
        lookAt = NEVER;
        return true;
    }

    private boolean areAllSeen() {
        return portOpen && httpAnswered && logMatched && newlineCame && (command == null || command.hasSucceeded());
    }

    /** A child was reaped, which may be the command's run. */
    void reaped(Children.News news) {
        if (command != null) {
            command.reaped(news);
        }
    }

    /** What is still waited for, for a message: nothing of the environment, so no URL. */
    String whatIsMissing() {
        List<String> missing = new ArrayList<>();
        if (!settings.isObserved()) {
            return "it has not said READY=1";
        }
        if (!portOpen) {
            PortListener listener = PortListener.on(settings.port());
            missing.add("on port " + settings.port() + " listens "
                    + (listener.isAnybody() ? listener.describe() + ", which is none of this server's" : "nobody"));
        }
        if (http != null && !httpAnswered) {
            missing.add(http.problem());
        }
        if (!logMatched) {
            missing.add("no line of its output matched");
        }
        if (command != null && !command.hasSucceeded()) {
            missing.add("the ready command " + command.last());
        }
        if (!newlineCame) {
            missing.add(
                    endWithoutNewline
                            ? "its descriptor " + settings.descriptor() + " was closed without a newline"
                            : "no newline came on its descriptor " + settings.descriptor());
        }
        return String.join("; ", missing);
    }

    boolean isTooLate() {
        return ticker.nanoTime() >= timeoutAt;
    }

    /** When something is to be done, by the ticker. */
    long deadline() {
        long ours = Math.min(timeoutAt, lookAt);
        return command == null ? ours : Math.min(ours, command.deadline());
    }

    /** No event tells that a port is listened on, so it is looked at, ever more rarely. */
    void look() {
        if (command != null) {
            command.look();
        }
        long now = ticker.nanoTime();
        if (now < lookAt) {
            return;
        }
        portOpen = PortListener.on(settings.port()).isOf(server);
        pause = Math.min(RARELY_NANOS, pause * 3 / 2);
        lookAt = portOpen ? NEVER : now + pause;
    }

    /**
     * No more waiting: the server is stopped.
     *
     * @return what ran for it, and was killed: nothing that the server leaves
     */
    List<ProcessIdentity> giveUp() {
        timeoutAt = NEVER;
        lookAt = NEVER;
        return command == null ? List.of() : command.giveUp();
    }

    @Override
    public void close() {
        if (command != null) {
            command.close();
        }
        if (http != null) {
            http.close();
        }
    }
}
