package dev.holdfast.supervise;

import dev.holdfast.process.ExitStatus;
import dev.holdfast.text.Durations;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;

/**
 * One redeploy: the old server is stopped, the new one is started and must become ready and stay up for a while; else the
 * old command is started again. One that overlaps does it the other way round: the new server is started beside the old
 * one, which is stopped when the new one has stayed up, and goes on as if nothing had been when it has not. When the old
 * one ends by itself before that, it goes on as a redeploy that does not overlap. Driven by the {@link InstanceLife}, which tells what happens and asks which command is to be
 * started next. Not safe for use by many threads.
 */
public final class Redeployment {
    private static final long NEVER = Ticker.NEVER;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final ServerPlan before;
    private final ServerPlan after;
    private final Duration settle;
    private final boolean overlaps;
    private RedeployState state = RedeployState.WAITING;
    private Result result = Result.NONE;
    private String reason = "";
    private long settledAt = NEVER;
    /** Whether the server said that it is ready, or that was seen; a start is all that there is otherwise. */
    private boolean isReadyKnown;

    /** Since when nobody serves; {@link Ticker#NEVER} while somebody does. */
    private long nobodySince = NEVER;

    private long gapNanos;

    /**
     * One that was not begun.
     *
     * @param before what runs
     * @param after what is put in its place
     * @param settle how long it must run after it is ready
     */
    public Redeployment(ServerPlan before, ServerPlan after, Duration settle) {
        this(before, after, settle, false);
    }

    /**
     * One that was not begun.
     *
     * @param before what runs
     * @param after what is put in its place
     * @param settle how long it must run after it is ready
     * @param overlaps whether the old server is stopped after that, and not before the new one is started
     */
    public Redeployment(ServerPlan before, ServerPlan after, Duration settle, boolean overlaps) {
        this.before = before;
        this.after = after;
        this.settle = settle;
        this.overlaps = overlaps;
    }

    /** What came of a redeploy. */
    public enum Result {
        /** Nothing yet. */
        NONE,
        /** The new command serves. */
        REPLACED,
        /** The old command serves again. */
        RETURNED,
        /** The old server was not touched, and serves. */
        KEPT,
        /** Neither serves; the old one is started again and again. */
        NOBODY,
        /** The instance was stopped meanwhile. */
        STOPPED
    }

    private void enter(RedeployState next) {
        if (!state.successors().contains(next)) {
            throw new IllegalStateException("redeploy cannot go from " + state + " to " + next);
        }
        state = next;
    }

    /** How far it is. */
    public RedeployState state() {
        return state;
    }

    /**
     * What came of it.
     *
     * @return {@link Result#NONE} before it is over
     */
    public Result result() {
        return result;
    }

    /**
     * Why the new command does not serve.
     *
     * @return a sentence without its subject; empty where it does
     */
    public String reason() {
        return reason;
    }

    /**
     * For how long nobody served: from each stop signal or end of a server until the next one was ready.
     *
     * @param now by the ticker
     * @return until now, where nobody serves yet
     */
    public Duration gap(long now) {
        long open = nobodySince == NEVER ? 0 : now - nobodySince;
        return Duration.ofNanos(gapNanos + open);
    }

    /**
     * Whether it is known what came of it.
     *
     * @return true when nothing follows
     */
    public boolean isOver() {
        return state == RedeployState.OVER;
    }

    /** Which command the next start is of. */
    ServerPlan wanted() {
        return switch (state) {
            case STARTING_NEW, SETTLING, ENDING_NEW, SETTLING_BESIDE, STOPPING_REPLACED -> after;
            case OVER -> result == Result.REPLACED ? after : before;
            case WAITING, STOPPING_OLD, STARTING_OLD, SETTLING_OLD, STARTING_BESIDE, ENDING_BESIDE -> before;
        };
    }

    /** Whether the old server is to serve while the new one is started. */
    boolean overlaps() {
        return overlaps;
    }

    /** What is put in the place of the old one. */
    ServerPlan after() {
        return after;
    }

    /** It begins beside the old server, which serves. */
    void beginBeside() {
        enter(RedeployState.STARTING_BESIDE);
    }

    /** The old server has ended, and nobody has told it to: from now on it is a redeploy without an overlap. */
    void oldEnded(long now) {
        if (state == RedeployState.STARTING_BESIDE) {
            enter(RedeployState.STARTING_NEW);
            nobodyServes(now);
        } else if (state == RedeployState.SETTLING_BESIDE) {
            enter(RedeployState.SETTLING);
        } else if (state == RedeployState.ENDING_BESIDE) {
            enter(RedeployState.ENDING_NEW);
            nobodyServes(now);
        }
    }

    /** Nothing is left of the server that was not to stay. */
    void besideGone() {
        if (state == RedeployState.ENDING_BESIDE) {
            over(Result.KEPT);
        } else if (state == RedeployState.STOPPING_REPLACED) {
            over(Result.REPLACED);
        }
    }

    /** The new server could not be started beside the old one. */
    void startBesideFailed(String why) {
        reason = why;
        if (state == RedeployState.STARTING_BESIDE) {
            over(Result.KEPT);
        } else {
            enter(RedeployState.ENDING_NEW); // the old one has ended meanwhile, and what is left of it is waited for
        }
    }

    /** It begins: the old server was told to stop, or there is none. */
    void begin(boolean isOldRunning, long now) {
        enter(isOldRunning ? RedeployState.STOPPING_OLD : RedeployState.STARTING_NEW);
        nobodySince = now;
    }

    /** A server of the wanted command was started. */
    void started(boolean isReadyExpected, long now) {
        if (isReadyExpected) {
            return;
        }
        if (state == RedeployState.STARTING_NEW) {
            settle(RedeployState.SETTLING, now);
        } else if (state == RedeployState.STARTING_OLD) {
            settle(RedeployState.SETTLING_OLD, now);
        } else if (state == RedeployState.STARTING_BESIDE) {
            settle(RedeployState.SETTLING_BESIDE, now);
        }
    }

    /** The server is ready. */
    void ready(long now) {
        if (state == RedeployState.STARTING_NEW) {
            isReadyKnown = true;
            settle(RedeployState.SETTLING, now);
        } else if (state == RedeployState.STARTING_BESIDE) {
            isReadyKnown = true;
            settle(RedeployState.SETTLING_BESIDE, now);
        } else if (state == RedeployState.STARTING_OLD) {
            somebodyServes(now);
            over(Result.RETURNED);
        }
    }

    private void settle(RedeployState next, long now) {
        enter(next);
        somebodyServes(now);
        settledAt = now + settle.toNanos();
    }

    private void somebodyServes(long now) {
        if (nobodySince != NEVER) {
            gapNanos += now - nobodySince;
            nobodySince = NEVER;
        }
    }

    private void nobodyServes(long now) {
        settledAt = NEVER;
        if (nobodySince == NEVER) {
            nobodySince = now;
        }
    }

    /** The server is not ready in time, or fell silent, and is being stopped. */
    void failed(String why, long now) {
        if (state == RedeployState.STARTING_NEW || state == RedeployState.SETTLING) {
            reason = why;
            enter(RedeployState.ENDING_NEW);
            nobodyServes(now);
        } else if (state == RedeployState.STARTING_BESIDE || state == RedeployState.SETTLING_BESIDE) {
            reason = why;
            settledAt = NEVER;
            enter(RedeployState.ENDING_BESIDE);
        }
    }

    /** The server has ended; something that it left may be there still. */
    void ended(ExitStatus status, long now) {
        if (state == RedeployState.STARTING_NEW || state == RedeployState.STARTING_BESIDE) {
            failed("it " + how(status) + " before it was ready", now);
        } else if (state == RedeployState.SETTLING || state == RedeployState.SETTLING_BESIDE) {
            long ran = settle.toNanos() - (settledAt - now);
            failed(
                    "it " + how(status) + ", " + text(Duration.ofNanos(ran))
                            + (isReadyKnown ? " after it was ready" : " after its start"),
                    now);
        } else if (state == RedeployState.SETTLING_OLD) {
            nobodyServes(now);
        } else if (state == RedeployState.STOPPING_REPLACED) {
            over(Result.REPLACED); // it has stayed for as long as was asked for; what follows is the restart policy's
        }
    }

    private static String how(ExitStatus status) {
        return status.signal() == 0 ? "ended with exit code " + status.code() : "died of signal " + status.signal();
    }

    /** Whole milliseconds, for people. */
    public static String text(Duration time) {
        return Durations.text(Duration.ofMillis(time.toNanos() / NANOS_PER_MILLI));
    }

    /** Nothing of a server is left. */
    void gone(long now) {
        nobodyServes(now);
        switch (state) {
            case STOPPING_OLD -> enter(RedeployState.STARTING_NEW);
            case STARTING_NEW, SETTLING, ENDING_NEW -> enter(RedeployState.STARTING_OLD);
            case STARTING_OLD, SETTLING_OLD -> over(Result.NOBODY);
            case WAITING, OVER, STARTING_BESIDE, SETTLING_BESIDE, ENDING_BESIDE, STOPPING_REPLACED -> {}
        }
    }

    /** A server could not be started. */
    void startFailed(String why, long now) {
        if (state == RedeployState.STARTING_NEW) {
            reason = why;
        }
        gone(now);
    }

    /** The instance is stopped: whatever comes of that, it is no redeploy any more. */
    void stopped() {
        if (state != RedeployState.OVER) {
            over(Result.STOPPED);
        }
    }

    /** Time has passed. */
    void look(long now) {
        if (now < settledAt) {
            return;
        }
        if (state == RedeployState.SETTLING) {
            over(Result.REPLACED);
        } else if (state == RedeployState.SETTLING_BESIDE) {
            enter(RedeployState.STOPPING_REPLACED);
            settledAt = NEVER;
        } else if (state == RedeployState.SETTLING_OLD) {
            over(Result.RETURNED);
        }
    }

    /** When it wants to look. */
    long deadline() {
        return settledAt;
    }

    private void over(Result what) {
        enter(RedeployState.OVER);
        result = what;
        settledAt = NEVER;
    }
}
