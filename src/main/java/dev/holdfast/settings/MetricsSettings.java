package dev.holdfast.settings;

/**
 * Where the health and the metrics of one instance are served.
 *
 * @param address to listen on
 * @param port to listen on
 */
public record MetricsSettings(String address, int port) {}
