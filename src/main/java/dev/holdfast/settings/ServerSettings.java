package dev.holdfast.settings;

/**
 * How a server is looked after.
 *
 * @param stop how it is stopped
 * @param forwarding what becomes of signals
 * @param handOff whether the launcher stays; of no use without one is all but the grace, for those who stop the server
 * @param readiness how the server shows that it is ready
 * @param restart whether it is started again
 * @param hooks the commands around it
 */
public record ServerSettings(
        StopSettings stop,
        Forwarding forwarding,
        HandOff handOff,
        ReadinessSettings readiness,
        RestartPolicy restart,
        HookSettings hooks) {}
