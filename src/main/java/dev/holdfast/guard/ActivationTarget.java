package dev.holdfast.guard;

import dev.holdfast.hook.SecondLaunch;
import org.jspecify.annotations.Nullable;

/** What second launches are handed to, one at a time. Called in the loop's thread; nothing of it blocks. */
public interface ActivationTarget {
    /** The instance that answers. */
    String instanceId();

    /** Whether it is ready to be told. */
    boolean isUp();

    /** Whether it ends for good. */
    boolean isStopping();

    /** Whether it is at something that it was told before, though nobody waits for that any more. */
    boolean isBusy();

    /** How long it may take over one, in milliseconds. */
    long timeoutMillis();

    /**
     * Begins to hand one over.
     *
     * @param launch stays until {@link #result} gives its last line, or whoever asked is gone
     * @param from who asked, for the audit trail
     */
    void begin(SecondLaunch launch, String from);

    /** The last line of the one that was begun, once; null until there is one. */
    @Nullable
    String result();

    /** When {@link #result} may have changed, by the ticker; {@link dev.holdfast.waiting.Ticker#NEVER} when nothing runs. */
    long deadline();
}
