/**
 * What holding means to those who guard a server: the launcher and the library.
 *
 * <p>Start at {@link dev.holdfast.tenure.Tenure}. The lock in the file system is one, {@link
 * dev.holdfast.tenure.LocalTenure}; whatever else has to be held as well is wrapped around that one: taken after it, given
 * back before it, and its end in time is a reason to stop the server. {@link dev.holdfast.tenure.TenureWatch} looks after
 * either. On a crash the kernel frees the local lock.
 */
@NullMarked
package dev.holdfast.tenure;

import org.jspecify.annotations.NullMarked;
