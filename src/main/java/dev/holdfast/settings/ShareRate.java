package dev.holdfast.settings;

import java.time.Duration;

/**
 * How often a client may call tools of a shared server.
 *
 * @param count how many calls
 * @param per in how much time
 * @param burst how many at once
 */
public record ShareRate(int count, Duration per, int burst) {}
