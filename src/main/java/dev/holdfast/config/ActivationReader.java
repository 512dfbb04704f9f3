package dev.holdfast.config;

import dev.holdfast.settings.ActivationSettings;
import java.time.Duration;

/** Reads how a running instance is told of a second launch. Loaded only when that was asked for. */
final class ActivationReader {
    private ActivationReader() {}

    static ActivationSettings read(OptionValues values) {
        Duration timeout = values.duration(RunOption.ACTIVATE_TIMEOUT, ActivationSettings.USUAL_TIMEOUT);
        if (timeout.isZero()) {
            values.problem(RunOption.ACTIVATE_TIMEOUT, "must be longer than nothing");
        }
        ActivationSettings settings = new ActivationSettings(
                values.nonEmpty(RunOption.ON_ACTIVATE, "be a shell command").orElse(""),
                SettingsReader.signal(values, RunOption.ACTIVATE_SIGNAL),
                timeout);
        if (!settings.command().isEmpty() && settings.signal() != 0) {
            values.problem(RunOption.ACTIVATE_SIGNAL, "and --on-activate exclude each other");
        }
        return settings;
    }
}
