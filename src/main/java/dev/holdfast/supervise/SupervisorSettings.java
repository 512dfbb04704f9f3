package dev.holdfast.supervise;

import dev.holdfast.hook.ReadyCommandStarter;
import dev.holdfast.settings.Forwarding;
import dev.holdfast.settings.ReadinessSettings;
import dev.holdfast.settings.RestartPolicy;
import dev.holdfast.settings.StopSettings;

/**
 * How a server is to be supervised.
 *
 * @param stop how it is stopped
 * @param watchClient whether the closing of stdin and the parent's death are stop requests
 * @param hangUpIgnored whether HUP was ignored when the launcher was started, and stays so
 * @param forwarding what becomes of signals
 * @param readiness how the server shows that it is ready
 * @param endsInputFirst whether a server that is to stop first sees the end of its input, and has half of its grace for that
 * @param readyCommand starts the command that tells that it is ready, when there is one
 * @param restart whether it is started again
 */
public record SupervisorSettings(
        StopSettings stop,
        boolean watchClient,
        Forwarding forwarding,
        boolean hangUpIgnored,
        ReadinessSettings readiness,
        boolean endsInputFirst,
        ReadyCommandStarter readyCommand,
        RestartPolicy restart) {}
