/**
 * How all instances of this user are, for whoever serves it: over HTTP, or to an AI client.
 *
 * <p>Start at {@link dev.holdfast.commands.health.OverviewSource} and {@link dev.holdfast.commands.health.ServerTools}. Nothing is
 * kept and nothing is changed, but by the tool that was made for it.
 */
@NullMarked
package dev.holdfast.commands.health;

import org.jspecify.annotations.NullMarked;
