package dev.holdfast.commands.doctor;

import dev.holdfast.lock.file.LockFile;

/**
 * What a killed launcher has left: its lock file, and maybe its server.
 *
 * @param name the instance
 * @param lockFile where its lock is
 * @param instanceId what the record in the file says
 * @param hasServer whether something of its server lives
 * @param pids who, for a text
 */
record Leftover(String name, LockFile lockFile, String instanceId, boolean hasServer, String pids) {}
