/**
 * {@code holdfast history}: what has happened to the instances of this user, for people and for programs.
 *
 * <p>Start at {@link dev.holdfast.commands.history.HistoryCommand}.
 */
@NullMarked
package dev.holdfast.commands.history;

import org.jspecify.annotations.NullMarked;
