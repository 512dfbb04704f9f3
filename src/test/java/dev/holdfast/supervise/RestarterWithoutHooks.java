package dev.holdfast.supervise;

import dev.holdfast.hook.HookRun;
import dev.holdfast.process.ExitStatus;
import org.jspecify.annotations.Nullable;

/** Of an instance that has no command to run between two servers. */
@FunctionalInterface
interface RestarterWithoutHooks extends Restarter {
    @Override
    default @Nullable HookRun afterEnd(int pid, ExitStatus status) {
        return null;
    }

    @Override
    default @Nullable HookRun beforeStart() {
        return null;
    }
}
