/**
 * {@code holdfast doctor} and {@code holdfast resolve}: what is wrong with the instances of this user, and cleaning up
 * after those that were killed.
 *
 * <p>Start at {@link dev.holdfast.commands.doctor.Diagnosis}, which both look through. It changes nothing, but that files
 * of the registry that are no records are moved aside. What {@link dev.holdfast.commands.doctor.Cleanup} does, each step
 * proves once more under the lock, so an instance that starts meanwhile is left alone, and two at once do it once.
 */
@NullMarked
package dev.holdfast.commands.doctor;

import org.jspecify.annotations.NullMarked;
