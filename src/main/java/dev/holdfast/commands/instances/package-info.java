/**
 * {@code holdfast ps}: all instances that are in the registry, for people and for programs.
 *
 * <p>Start at {@link dev.holdfast.commands.instances.PsCommand}.
 */
@NullMarked
package dev.holdfast.commands.instances;

import org.jspecify.annotations.NullMarked;
