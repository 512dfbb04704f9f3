/**
 * Waiting that a stop request ends, and when to look again where no event tells.
 *
 * <p>Start at {@link dev.holdfast.waiting.EventWait}.
 */
@NullMarked
package dev.holdfast.waiting;

import org.jspecify.annotations.NullMarked;
