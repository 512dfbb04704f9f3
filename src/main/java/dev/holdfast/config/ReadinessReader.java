package dev.holdfast.config;

import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.settings.ListenSettings;
import dev.holdfast.settings.ReadinessSettings;
import dev.holdfast.text.LinePattern;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;

/** Reads how the server shows that it is ready, and that it is alive. */
final class ReadinessReader {
    private ReadinessReader() {}

    /** Each run of the ready command may take as long as a hook. */
    static ReadinessSettings read(OptionValues values, Duration commandTimeout, Optional<ListenSettings> listen) {
        return new ReadinessSettings(
                positive(values, RunOption.READY_TIMEOUT),
                url(values),
                port(values, listen),
                pattern(values),
                descriptor(values, listen),
                values.nonEmpty(RunOption.READY_COMMAND, "be a shell command").orElse(""),
                commandTimeout,
                positive(values, RunOption.WATCHDOG));
    }

    private static Optional<Duration> positive(OptionValues values, RunOption option) {
        Optional<Duration> duration = values.optionalDuration(option);
        if (duration.isPresent() && duration.get().isZero()) {
            values.problem(option, "must be longer than nothing");
        }
        return duration;
    }

    /** A socket of the launcher's own is open before the server runs, and says nothing of it. */
    private static int port(OptionValues values, Optional<ListenSettings> listen) {
        int port = values.number(RunOption.READY_PORT, 1, 65_535).orElse(0);
        if (listen.isPresent() && listen.get().hasPort(port)) {
            values.problem(
                    RunOption.READY_PORT,
                    "is a port of --listen, which is open before the server runs; --ready-http, --ready-log,"
                            + " --ready-fd or --ready-command tell when it serves");
        }
        return port;
    }

    /** Not one of the sockets that sd_listen_fds(3) counts: the server would listen on the pipe. */
    private static int descriptor(OptionValues values, Optional<ListenSettings> listen) {
        if (!values.isSet(RunOption.READY_FD)) {
            return 0;
        }
        int descriptor = values.number(
                        RunOption.READY_FD, FileDescriptors.FIRST_AFTER_STDERR, FileDescriptors.limit() - 1)
                .orElse(0);
        int sockets = values.listenedSockets();
        if (listen.isPresent() && !listen.get().asStdin()) {
            sockets += listen.get().addresses().size();
        }
        if (descriptor != 0 && descriptor < FileDescriptors.FIRST_AFTER_STDERR + sockets) {
            values.problem(
                    RunOption.READY_FD,
                    "is one of the sockets that LISTEN_FDS passes on, 3 to "
                            + (FileDescriptors.FIRST_AFTER_STDERR + sockets - 1));
        }
        return descriptor;
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
