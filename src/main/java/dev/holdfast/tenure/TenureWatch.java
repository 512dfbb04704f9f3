package dev.holdfast.tenure;

import dev.holdfast.lock.file.LockCheck;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;

/**
 * Judges what the checks of a tenure find, one after the other, and says when the next one is due. A file counts as lost
 * only when it is still somebody else's a second later: a start that is about to be refused by the interlock holds a new
 * one for an instant, and so does whatever cleans the folder. One that cannot be put back is tried again after a second,
 * since its folder may come back, and then after two, four, eight, up to the usual interval. Not safe for use by many
 * threads.
 */
public final class TenureWatch {
    private static final Duration SECOND_LOOK = Duration.ofSeconds(1);

    private final Duration interval;
    private final Ticker ticker;
    private LockCheck judged = LockCheck.INTACT;
    private boolean seemsLost;
    private boolean isNews;
    private long fenceAt = Long.MAX_VALUE;
    /** Until the file is tried again that cannot be put back. */
    private Duration untilRetry = SECOND_LOOK;

    /** Nothing found yet; a check is due each interval. */
    public TenureWatch(Duration interval, Ticker ticker) {
        this.interval = interval;
        this.ticker = ticker;
    }

    /**
     * Takes what a check has found.
     *
     * @param found by {@link Tenure#check}
     * @param fence by {@link Tenure#fenceAt}, asked after the check
     * @return what counts: what was found, but what it was before while a loss is not certain
     */
    public LockCheck judge(LockCheck found, long fence) {
        fenceAt = fence;
        boolean isOver = fence != Long.MAX_VALUE && ticker.nanoTime() - fence >= 0;
        boolean isLost = found == LockCheck.LOST;
        if (isLost && !seemsLost && !isOver) {
            seemsLost = true;
            isNews = false;
            return judged;
        }
        seemsLost = isLost;
        LockCheck counts = isOver ? LockCheck.LOST : found;
        boolean isStillUnrepairable = counts == LockCheck.UNREPAIRABLE && judged == LockCheck.UNREPAIRABLE;
        untilRetry = isStillUnrepairable ? shorter(untilRetry.multipliedBy(2), interval) : SECOND_LOOK;
        isNews = counts != judged || counts == LockCheck.RESTORED;
        judged = counts;
        return counts;
    }

    /** Whether what was judged last is another thing than before; a file that was put back is so each time. */
    public boolean isNews() {
        return isNews;
    }

    /** How long the next check may wait. */
    public Duration untilNext() {
        boolean mayBeOthers = seemsLost && judged != LockCheck.LOST;
        Duration soon = judged == LockCheck.UNREPAIRABLE && !mayBeOthers ? untilRetry : SECOND_LOOK;
        boolean mayBeOtherSoon = mayBeOthers || judged == LockCheck.UNREPAIRABLE;
        Duration next = mayBeOtherSoon ? shorter(soon, interval) : interval;
        if (fenceAt == Long.MAX_VALUE || judged == LockCheck.LOST) {
            return next; // what is over is not over sooner by more looks
        }
        Duration left = Duration.ofNanos(Math.max(0, fenceAt - ticker.nanoTime()));
        return shorter(left, next);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
