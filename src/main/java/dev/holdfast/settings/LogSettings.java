package dev.holdfast.settings;

import java.util.Optional;

/**
 * What the launcher logs.
 *
 * @param level the least that is logged
 * @param format the form of a line
 * @param file where lines go; empty for stderr
 */
public record LogSettings(LogLevel level, LogFormat format, Optional<String> file) {}
