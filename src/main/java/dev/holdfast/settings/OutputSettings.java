package dev.holdfast.settings;

/**
 * Where a server's output is kept.
 *
 * @param path the file, absolute; with {@code .1} and so on behind it those that were full
 * @param maxBytes from which size on another one is begun
 * @param keep how many full ones are kept
 * @param withStdout whether stdout is kept, too: not when it carries a protocol
 * @param isOnlyPlace whether output goes nowhere else, and the launcher's own lines go there, too
 */
public record OutputSettings(String path, long maxBytes, int keep, boolean withStdout, boolean isOnlyPlace) {
    /** The same for a launcher that has nobody else to write to. */
    public OutputSettings asOnlyPlace() {
        return new OutputSettings(path, maxBytes, keep, withStdout, true);
    }
}
