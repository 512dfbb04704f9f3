package dev.holdfast.instance;

import dev.holdfast.control.ControlCall;
import dev.holdfast.control.LongAnswer;
import dev.holdfast.control.Request;
import dev.holdfast.posix.sockets.DescriptorMessage;
import dev.holdfast.posix.sockets.UnixStream;
import dev.holdfast.text.Durations;
import dev.holdfast.waiting.EventWait;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Hands a second launch's arguments to the running instance and waits for its answer.
 *
 * <p>At most once: until the instance says that the launch's turn has come, nothing was done with it, so it may be asked
 * again; after that it never is. Not safe for use by many threads.
 */
public final class InstanceActivation {
    private static final long RETRY_MILLIS = 20;
    /** For a server that is still starting. */
    private static final Duration MOST_STARTING = Duration.ofMinutes(1);
    /** So that the instance's own word on what took too long comes first. */
    private static final Duration MARGIN = Duration.ofSeconds(1);

    private final HolderContact contact;
    private final EventWait wait;
    private final SecondLaunchOffer offer;
    private final Duration timeout;
    private final long begin = System.nanoTime();
    private long deadline;
    private String progress = "";

    /**
     * One that was not asked for yet.
     *
     * @param contact with the instance's launcher
     * @param wait ends at a stop request
     * @param offer what is handed over
     * @param timeout how long the instance has to react
     */
    public InstanceActivation(HolderContact contact, EventWait wait, SecondLaunchOffer offer, Duration timeout) {
        this.contact = contact;
        this.wait = wait;
        this.offer = offer;
        this.timeout = timeout;
        deadline = begin + timeout.toNanos();
    }

    /** What came of it. */
    public sealed interface Result {
        /** The instance has answered. */
        record Answered(int code) implements Result {}

        /** The instance is not there any more, or ends; nothing was done. */
        record Gone() implements Result {}

        /** A stop request came. */
        record Interrupted() implements Result {}

        /** It was not activated, or nobody knows. */
        record Refused(String why) implements Result {}
    }

    /** Asks, as often as it is worth it. Blocks until there is a result, within the timeouts. */
    public Result ask() {
        byte[] payload = offer.payload();
        if (payload.length == 0) {
            return new Result.Refused("its arguments are longer than an activation may be: 4 MB");
        }
        while (!wait.isStopRequested()) {
            if (!contact.isStillThere()) {
                return new Result.Gone();
            }
            progress = "";
            Result result = askOnce(payload);
            if (result != null) {
                return result;
            }
            if (System.nanoTime() >= deadline) {
                return overdue();
            }
            wait.pause(RETRY_MILLIS);
        }
        return new Result.Interrupted();
    }

    /** Null when it may be tried again. */
    private @Nullable Result askOnce(byte[] payload) {
        try (UnixStream stream = contact.connect().orElse(null)) {
            if (stream == null) {
                return null;
            }
            byte[] line =
                    contact.longCall(Request.ACTIVATE, payload.length, timeout).line();
            if (!DescriptorMessage.send(stream.descriptor(), line, offer.descriptors())) {
                return null;
            }
            return converse(new LongExchange(stream, wait, 2 * ControlCall.LONGEST_LINE), payload);
        }
    }

    private @Nullable Result converse(LongExchange exchange, byte[] payload) {
        while (exchange.await(deadline)) {
            if (!exchange.receive()) {
                return lost();
            }
            for (byte[] line = exchange.line(); line != null; line = exchange.line()) {
                Optional<LongAnswer> answer = LongAnswer.parse(line);
                if (answer.isEmpty()) {
                    return lost();
                }
                if (!answer.get().instanceId().equals(contact.record().instanceId())) {
                    return new Result.Gone();
                }
                if (answer.get().isLast()) {
                    return last(answer.get());
                }
                if (!goOn(answer.get(), exchange, payload)) {
                    return null;
                }
            }
        }
        return wait.isStopRequested() ? new Result.Interrupted() : overdue();
    }

    /** Whether the connection is good for more. */
    private boolean goOn(LongAnswer answer, LongExchange exchange, byte[] payload) {
        boolean wasStarting = progress.equals(LongAnswer.Progress.STARTING);
        progress = answer.progress();
        long now = System.nanoTime();
        switch (progress) {
            case LongAnswer.Progress.SEND -> {
                return exchange.send(payload, deadline);
            }
            case LongAnswer.Progress.STARTING -> deadline = Math.max(deadline, begin + MOST_STARTING.toNanos());
            case LongAnswer.Progress.RUNNING ->
                deadline = now
                        + Duration.ofMillis(answer.limitMillis()).plus(MARGIN).toNanos();
            default -> deadline = wasStarting ? now + timeout.toNanos() : deadline;
        }
        return true;
    }

    private @Nullable Result last(LongAnswer answer) {
        if (answer.error().isEmpty()) {
            return new Result.Answered(answer.code());
        }
        return switch (answer.remedy()) {
            case LongAnswer.Refusal.AGAIN -> null;
            case LongAnswer.Refusal.STOPPING -> new Result.Gone();
            default ->
                new Result.Refused(
                        answer.isOfOlderLauncher()
                                ? "its launcher is of an older version, which cannot be activated; start it again"
                                : answer.error());
        };
    }

    /** The connection ended without a last line: the launcher has ended, or was killed. */
    private @Nullable Result lost() {
        return progress.equals(LongAnswer.Progress.RUNNING)
                ? new Result.Refused("it has ended over it, and whether it took the arguments is not known")
                : null;
    }

    private Result overdue() {
        String after = Durations.text(Duration.ofNanos(System.nanoTime() - begin)
                .plusMillis(500)
                .truncatedTo(java.time.temporal.ChronoUnit.SECONDS));
        return new Result.Refused(
                switch (progress) {
                    case LongAnswer.Progress.STARTING -> "its server is still not ready after " + after;
                    case LongAnswer.Progress.QUEUED -> "other launches wait before this one, after " + after + " still";
                    case LongAnswer.Progress.RUNNING -> "it was told, and has not answered after " + after;
                    default -> "it has not answered within " + Durations.text(timeout);
                });
    }
}
