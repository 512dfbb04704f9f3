package dev.holdfast.settings;

/**
 * Where a shared server is served over HTTP.
 *
 * @param port on the loopback addresses; 0 for any that is free
 * @param needsToken whether a client has to know the token
 */
public record ShareHttp(int port, boolean needsToken) {}
