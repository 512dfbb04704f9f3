/**
 * Whether two starts are of the same server: what each is made of, and what of that must agree.
 *
 * <p>Start at {@link dev.holdfast.share.identity.Identity}, which is what one start is made of; the host compares its own
 * with that of each other start, as {@link dev.holdfast.share.identity.IdentityLikeness}. Which variables count, {@link
 * dev.holdfast.share.identity.VariableWeight} says by their names. Values leave a process only as digests under a key that
 * the host has made for this one life, and never get into a message or a file.
 */
@NullMarked
package dev.holdfast.share.identity;

import org.jspecify.annotations.NullMarked;
