package dev.holdfast.lock.file;

import dev.holdfast.posix.processes.LookFailure;

/**
 * A process that lives and may be a record's server: it has the server's pid, and nothing tells whether it is the same.
 *
 * @param failure why it cannot be looked into
 */
public record HiddenServer(int pid, LookFailure failure) {}
