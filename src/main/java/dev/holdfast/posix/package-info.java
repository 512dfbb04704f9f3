/**
 * The only door to the operating system: libc through jffi, {@code /proc}, pidfds, signalfd and {@code posix_spawn}.
 *
 * <p>Start at {@link dev.holdfast.posix.files.FileDescriptors}, {@link dev.holdfast.posix.processes.Spawn} and
 * {@link dev.holdfast.posix.signals.SignalQueue}. Everything here is Linux (kernel 5.3 or newer, for pidfds) on a
 * 64-bit machine; the rest of the code names no system call and no structure offset.
 *
 * <p>Calls are bound by hand through jffi, not through generated interfaces: the launcher sits before every start of
 * every server, and a generated interface costs more than 70 ms of it. {@code posix.users} goes through jnr-posix, for
 * the reports of commands that are in no hurry.
 *
 * <p>On a crash nothing here survives: descriptors, locks and signal masks belong to the process and go with it.
 */
@NullMarked
package dev.holdfast.posix;

import org.jspecify.annotations.NullMarked;
