/**
 * Signals of this process: blocked, queued, taken, and aimed at others by the kernel when this process dies.
 *
 * <p>Start at {@link dev.holdfast.posix.signals.Signals} and {@link dev.holdfast.posix.signals.SignalQueue}.
 */
@NullMarked
package dev.holdfast.posix.signals;

import org.jspecify.annotations.NullMarked;
