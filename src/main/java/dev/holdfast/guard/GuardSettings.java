package dev.holdfast.guard;

import dev.holdfast.command.ServerContext;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.settings.ActivationSettings;
import dev.holdfast.settings.Caller;
import dev.holdfast.settings.ConflictSettings;
import dev.holdfast.settings.InstanceSettings;
import dev.holdfast.settings.OutputSettings;
import dev.holdfast.settings.ServerSettings;
import java.util.Optional;

/**
 * How a server is to be guarded.
 *
 * @param instance who the instance is
 * @param caller who started the launcher, and what it passed on
 * @param lockFile where its lock is
 * @param parallelInstances the instances of this name that may run beside it; empty when it is to be the only one
 * @param conflict what to do when another instance runs
 * @param server how the server is looked after
 * @param output where its output is kept; empty for nowhere
 * @param activation how the server is told of a second launch, and for how long this start waits when it is one; empty
 *     for neither
 * @param context where and as whom the server runs
 */
public record GuardSettings(
        InstanceSettings instance,
        Caller caller,
        LockFile lockFile,
        Optional<ParallelInstances> parallelInstances,
        ConflictSettings conflict,
        ServerSettings server,
        Optional<OutputSettings> output,
        Optional<ActivationSettings> activation,
        ServerContext context) {}
