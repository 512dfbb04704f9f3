/**
 * Processes: started, replaced, watched, signalled, reaped, and read from {@code /proc}; users and groups.
 *
 * <p>Start at {@link dev.holdfast.posix.processes.Spawn}, {@link dev.holdfast.posix.processes.ProcessDescriptor} and
 * {@link dev.holdfast.posix.processes.ProcFs}.
 */
@NullMarked
package dev.holdfast.posix.processes;

import org.jspecify.annotations.NullMarked;
