/**
 * What a start would do, {@code run --explain}.
 *
 * <p>Start at {@link dev.holdfast.commands.explain.ExplainCommand}. Takes no lock and starts nothing.
 */
@NullMarked
package dev.holdfast.commands.explain;

import org.jspecify.annotations.NullMarked;
