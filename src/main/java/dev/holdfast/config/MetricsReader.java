package dev.holdfast.config;

import dev.holdfast.settings.MetricsSettings;

/** Reads where metrics are served. Loaded only when they are. */
final class MetricsReader {
    private static final String USUAL_ADDRESS = "127.0.0.1";
    private static final int USUAL_PORT = 9090;
    private static final int HIGHEST_PORT = 65_535;

    private MetricsReader() {}

    static MetricsSettings read(OptionValues values) {
        return new MetricsSettings(
                values.nonEmpty(RunOption.METRICS_HOST, "name an address").orElse(USUAL_ADDRESS),
                values.number(RunOption.METRICS_PORT, 1, HIGHEST_PORT).orElse(USUAL_PORT));
    }
}
