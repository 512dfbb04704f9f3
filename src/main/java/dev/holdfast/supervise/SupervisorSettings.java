package dev.holdfast.supervise;

import dev.holdfast.hook.ReadyCommandStarter;
import dev.holdfast.settings.Forwarding;
import dev.holdfast.settings.ReadinessSettings;
import dev.holdfast.settings.RestartPolicy;
import dev.holdfast.settings.StopSettings;
import java.time.Duration;

/**
 * How a server is to be supervised.
 *
 * @param stop how it is stopped
 * @param watchClient whether the closing of stdin and the parent's death are stop requests
 * @param clientPid the client, as the launcher's start script saw it; 0 when it is not known
 * @param hangUpIgnored whether HUP was ignored when the launcher was started, and stays so
 * @param forwarding what becomes of signals
 * @param readiness how the server shows that it is ready
 * @param readyCommand starts the command that tells that it is ready, when there is one
 * @param restart whether it is started again
 * @param upstream the manager above
 * @param firstRecheck when {@link SupervisorListener#recheck} is called first
 */
public record SupervisorSettings(
        StopSettings stop,
        boolean watchClient,
        int clientPid,
        boolean hangUpIgnored,
        Forwarding forwarding,
        ReadinessSettings readiness,
        ReadyCommandStarter readyCommand,
        RestartPolicy restart,
        Upstream upstream,
        Duration firstRecheck) {}
