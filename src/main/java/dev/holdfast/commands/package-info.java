/**
 * What the hurried commands know of the others: how to load them.
 *
 * <p>Start at {@link dev.holdfast.commands.OtherCommands}. The commands themselves are in the packages below this one, on
 * the second class path.
 */
@NullMarked
package dev.holdfast.commands;

import org.jspecify.annotations.NullMarked;
