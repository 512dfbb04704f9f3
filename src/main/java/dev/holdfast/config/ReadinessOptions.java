package dev.holdfast.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;

/**
 * How the server shows that it is ready, and that it is alive.
 *
 * @param timeout until when it must be ready; empty for ever
 * @param port the TCP port it listens on then; 0 when that does not count
 * @param url what it answers then; empty when that does not count
 * @param logPattern the regular expression that a line of its output matches then; empty when that does not count
 * @param command the shell command that ends with 0 then; empty when that does not count
 * @param watchdog how often it must tell that it is alive; empty for never
 */
public record ReadinessOptions(
        Optional<Duration> timeout,
        int port,
        String url,
        String logPattern,
        String command,
        Optional<Duration> watchdog) {
    static ReadinessOptions read(OptionValues values) {
        return new ReadinessOptions(
                positive(values, RunOption.READY_TIMEOUT),
                values.number(RunOption.READY_PORT, 1, 65_535).orElse(0),
                url(values),
                pattern(values),
                values.nonEmpty(RunOption.READY_COMMAND, "be a shell command").orElse(""),
                positive(values, RunOption.WATCHDOG));
    }

    private static Optional<Duration> positive(OptionValues values, RunOption option) {
        Optional<Duration> duration = values.optionalDuration(option);
        if (duration.isPresent() && duration.get().isZero()) {
            values.problem(option, "must be longer than nothing");
        }
        return duration;
    }

    private static String url(OptionValues values) {
        Optional<String> url = values.nonEmpty(RunOption.READY_HTTP, "be a URL");
        if (url.isPresent() && !isHttp(url.get())) {
            values.problem(RunOption.READY_HTTP, "must be a URL such as http://localhost:8080/health");
        }
        return url.orElse("");
    }

    private static boolean isHttp(String text) {
        try {
            URI uri = new URI(text);
            return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static String pattern(OptionValues values) {
        Optional<String> pattern = values.nonEmpty(RunOption.READY_LOG, "be a regular expression");
        if (pattern.isPresent()) {
            String problem = LinePattern.problem(pattern.get());
            if (problem.isEmpty()) {
                return pattern.get();
            }
            values.problem(RunOption.READY_LOG, problem);
        }
        return "";
    }
}
