/**
 * Waiting that a stop request ends, when to look again where no event tells, and the time that both go by.
 *
 * <p>Start at {@link dev.holdfast.waiting.EventWait}.
 */
@NullMarked
package dev.holdfast.waiting;

import org.jspecify.annotations.NullMarked;
