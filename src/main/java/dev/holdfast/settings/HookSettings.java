package dev.holdfast.settings;

import java.time.Duration;

/**
 * The shell commands around the server; empty where there is none.
 *
 * @param preStart before it is started
 * @param postStop after it and all of its tree have ended
 * @param onConflict when another instance is running, and this start gives way
 * @param timeout how long each may take
 */
public record HookSettings(String preStart, String postStop, String onConflict, Duration timeout) {}
