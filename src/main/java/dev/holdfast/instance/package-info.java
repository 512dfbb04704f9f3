/**
 * A running instance seen from outside: found, looked at, waited for, proved, asked, handed a second launch, and ended.
 *
 * <p>Start at {@link dev.holdfast.instance.Inspection}, which only looks, {@link dev.holdfast.instance.HolderTermination},
 * which ends whoever was proved to hold the lock, and {@link dev.holdfast.instance.HolderContact}, which asks a launcher by its
 * socket. Only who was proved is signalled, through a pidfd; doubt means refuse.
 */
@NullMarked
package dev.holdfast.instance;

import org.jspecify.annotations.NullMarked;
