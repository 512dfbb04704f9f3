package dev.holdfast.settings;

import java.util.Optional;

/**
 * How a server is looked after.
 *
 * @param stop how it is stopped
 * @param forwarding what becomes of signals
 * @param handOff whether the launcher stays; of no use without one is all but the grace, for those who stop the server
 * @param readiness how the server shows that it is ready
 * @param restart whether it is started again
 * @param hooks the commands around it
 * @param listen the sockets that are opened for it; empty for none
 */
public record ServerSettings(
        StopSettings stop,
        Forwarding forwarding,
        HandOff handOff,
        ReadinessSettings readiness,
        RestartPolicy restart,
        HookSettings hooks,
        Optional<ListenSettings> listen) {}
