package dev.holdfast.settings;

import java.time.Duration;
import java.util.Optional;

/**
 * How a server shows that it is ready, and that it is alive. Of port, URL, log line, command and newline, all that are
 * given must hold; when none is, the server says {@code READY=1} itself.
 *
 * @param timeout until when it must be ready; empty for ever
 * @param url what it answers then; empty for none
 * @param port the TCP port it listens on then; 0 for none
 * @param logPattern what a line of its output matches then, a regular expression; empty for none
 * @param descriptor the server's descriptor to which it writes a newline then; 0 for none
 * @param command a shell command that ends with 0 then; empty for none
 * @param commandTimeout how long each run of it may take
 * @param watchdog how often it must tell that it is alive; empty for never
 */
public record ReadinessSettings(
        Optional<Duration> timeout,
        String url,
        int port,
        String logPattern,
        int descriptor,
        String command,
        Duration commandTimeout,
        Optional<Duration> watchdog) {
    /** Nothing was said of it. */
    public static final ReadinessSettings NONE =
            new ReadinessSettings(Optional.empty(), "", 0, "", 0, "", Duration.ZERO, Optional.empty());

    /** Whether it is observed from outside, not told by the server. */
    public boolean isObserved() {
        return port != 0 || !url.isEmpty() || !logPattern.isEmpty() || !command.isEmpty() || descriptor != 0;
    }

    /**
     * Whether the server counts as starting until it is ready.
     *
     * @return false when nothing was said of readiness
     */
    public boolean isExpected() {
        return isObserved() || timeout.isPresent();
    }
}
