package dev.holdfast.supervise;

/**
 * How a server is started and supervised: what a redeploy puts in the place of another.
 *
 * @param settings how it is supervised
 * @param restarter starts it
 */
public record ServerPlan(SupervisorSettings settings, Restarter restarter) {}
