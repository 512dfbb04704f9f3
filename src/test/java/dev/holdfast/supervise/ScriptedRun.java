package dev.holdfast.supervise;

import dev.holdfast.hook.ReadyCommandStarter;

/** A run of a command that is a pid and nothing else. */
record ScriptedRun(int pid) implements ReadyCommandStarter.Run {
    @Override
    public void close() {}
}
