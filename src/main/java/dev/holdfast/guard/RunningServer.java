package dev.holdfast.guard;

import dev.holdfast.command.Environment;
import dev.holdfast.command.ResolvedCommand;
import dev.holdfast.hook.Hooks;
import dev.holdfast.share.host.Host;
import dev.holdfast.waiting.EventWait;
import org.jspecify.annotations.Nullable;

/**
 * What a launcher's first server was started with, for those that come after it.
 *
 * @param command what it is
 * @param environment what it was started with, with the instance's variables
 * @param launch starts each server
 * @param channels by what each server tells of itself
 * @param hooks the commands around it
 * @param stopWait ends what is waited for at a stop request
 * @param share lets several clients use the server; null when it is not shared
 */
record RunningServer(
        ResolvedCommand command,
        Environment environment,
        ServerLaunch launch,
        ServerChannels channels,
        Hooks hooks,
        EventWait stopWait,
        @Nullable Host share) {}
