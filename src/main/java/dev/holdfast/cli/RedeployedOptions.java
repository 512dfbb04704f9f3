package dev.holdfast.cli;

import dev.holdfast.config.LockPlace;
import dev.holdfast.config.RedeployOption;
import dev.holdfast.config.RunOption;
import dev.holdfast.config.RunSettings;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.settings.ProcessSettings;
import dev.holdfast.settings.ReadinessSettings;
import dev.holdfast.settings.ServerSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** What was said of a new server, as {@link dev.holdfast.control.RedeployOrder} has it: checked, and without a default. */
final class RedeployedOptions {
    private RedeployedOptions() {}

    /** Adds what was said. */
    static void add(Map<String, String> options, Collection<RunOption> said, RunSettings settings) {
        for (RunOption option : said) {
            if (RedeployOption.CHANGEABLE.contains(option)) {
                options.put(option.key(), value(option, settings));
            }
        }
    }

    /** Whether all that was said can be changed, or says only which instance is meant. */
    static boolean areAll(Collection<RunOption> said) {
        for (RunOption option : said) {
            if (!RedeployOption.CHANGEABLE.contains(option) && !RedeployOption.PLACE.contains(option)) {
                return false;
            }
        }
        return true;
    }

    private static String value(RunOption option, RunSettings settings) {
        ServerSettings server = settings.server();
        ReadinessSettings readiness = server.readiness();
        return switch (option) {
            case APP_VERSION -> settings.instance().version();
            case GRACE -> millis(server.stop().grace());
            case STOP_SIGNAL -> Integer.toString(server.stop().signal());
            case READY_TIMEOUT -> millis(readiness.timeout().orElse(Duration.ZERO));
            case READY_PORT -> Integer.toString(readiness.port());
            case READY_HTTP -> readiness.url();
            case READY_LOG -> readiness.logPattern();
            case READY_COMMAND -> readiness.command();
            case READY_FD -> Integer.toString(readiness.descriptor());
            case WATCHDOG -> millis(readiness.watchdog().orElse(Duration.ZERO));
            case PRE_START -> server.hooks().preStart();
            case POST_STOP -> server.hooks().postStop();
            case HOOK_TIMEOUT -> millis(server.hooks().timeout());
            default -> settings.process().map(process -> value(option, process)).orElse("");
        };
    }

    private static String value(RunOption option, ProcessSettings process) {
        return switch (option) {
            case CWD -> absolute(process.workingDirectory().orElse("."));
            case UMASK -> number(process.umask());
            case USER -> process.user().orElse("");
            case GROUP -> process.group().orElse("");
            case NICE -> number(process.niceness());
            case OOM_SCORE_ADJ -> number(process.oomScoreAdjustment());
            case ENV_FILE -> files(process.environmentFiles());
            default -> "";
        };
    }

    private static String files(List<String> files) {
        List<String> all = new ArrayList<>();
        for (String file : files) {
            // A hyphen says that it may be missing.
            all.add(file.startsWith("-") ? "-" + absolute(file.substring(1)) : absolute(file));
        }
        return String.join("\n", all);
    }

    private static String absolute(String path) {
        return LockPlace.absolute(path, Self.workingDirectory());
    }

    private static String millis(Duration time) {
        return Long.toString(time.toMillis());
    }

    private static String number(OptionalInt number) {
        return Optional.of(number)
                .filter(OptionalInt::isPresent)
                .map(n -> Integer.toString(n.getAsInt()))
                .orElse("0");
    }
}
