package dev.holdfast.guard;

import dev.holdfast.config.RunFolder;
import dev.holdfast.config.RunOption;
import dev.holdfast.control.KnownCommands;
import dev.holdfast.control.RedeployOrder;
import dev.holdfast.journal.Journal;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.settings.ProcessSettings;
import dev.holdfast.settings.ReadinessSettings;
import dev.holdfast.settings.ServerSettings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Writes down which command serves and which one did before, after a redeploy: for a way back when this launcher is not
 * there any more. Of an environment nothing is written.
 */
final class KnownDeployments {
    private final GuardSettings settings;
    private final RunningServer first;
    private final Journal journal;

    KnownDeployments(GuardSettings settings, RunningServer first, Journal journal) {
        this.settings = settings;
        this.first = first;
        this.journal = journal;
    }

    /** Where there is no home, or the disk is full, that is told, and nothing more. */
    void write(Deployment current, Deployment lastGood) {
        Optional<String> folder =
                RunFolder.path(first.environment()::value, Self.workingDirectory(), Self.effectiveUser());
        if (folder.isEmpty()) {
            return;
        }
        String path = KnownCommands.path(
                folder.get(), settings.instance().name(), settings.lockFile().path());
        String obstacle = new KnownCommands(
                        Self.commandLine(), Self.workingDirectory(), order(current.parts()), order(lastGood.parts()))
                .write(path);
        if (!obstacle.isEmpty()) {
            journal.warn("cannot keep the last good command, so a rollback needs this launcher: " + obstacle + " file="
                    + path);
        }
    }

    /** As it would have been ordered. */
    private static RedeployOrder order(Deployment.Parts parts) {
        Map<String, String> options = new LinkedHashMap<>();
        put(options, RunOption.APP_VERSION, parts.version());
        put(options, parts.server());
        put(options, parts.process());
        return new RedeployOrder(parts.command().words(), List.of(), parts.folder(), options);
    }

    private static void put(Map<String, String> options, ServerSettings server) {
        put(options, RunOption.GRACE, Optional.of(server.stop().grace()));
        putNumber(options, RunOption.STOP_SIGNAL, server.stop().signal());
        ReadinessSettings readiness = server.readiness();
        put(options, RunOption.READY_TIMEOUT, readiness.timeout());
        putNumber(options, RunOption.READY_PORT, readiness.port());
        put(options, RunOption.READY_HTTP, readiness.url());
        put(options, RunOption.READY_LOG, readiness.logPattern());
        put(options, RunOption.READY_COMMAND, readiness.command());
        putNumber(options, RunOption.READY_FD, readiness.descriptor());
        put(options, RunOption.WATCHDOG, readiness.watchdog());
        put(options, RunOption.PRE_START, server.hooks().preStart());
        put(options, RunOption.POST_STOP, server.hooks().postStop());
        put(options, RunOption.HOOK_TIMEOUT, Optional.of(server.hooks().timeout()));
    }

    private static void put(Map<String, String> options, ProcessSettings process) {
        put(options, RunOption.UMASK, process.umask());
        put(options, RunOption.USER, process.user().orElse(""));
        put(options, RunOption.GROUP, process.group().orElse(""));
        put(options, RunOption.NICE, process.niceness());
        put(options, RunOption.OOM_SCORE_ADJ, process.oomScoreAdjustment());
        put(options, RunOption.ENV_FILE, String.join("\n", process.environmentFiles()));
    }

    private static void put(Map<String, String> options, RunOption option, String value) {
        if (!value.isEmpty()) {
            options.put(option.key(), value);
        }
    }

    private static void put(Map<String, String> options, RunOption option, Optional<Duration> time) {
        if (time.isPresent()) {
            options.put(option.key(), Long.toString(time.get().toMillis()));
        }
    }

    private static void put(Map<String, String> options, RunOption option, OptionalInt number) {
        if (number.isPresent()) {
            options.put(option.key(), Integer.toString(number.getAsInt()));
        }
    }

    private static void putNumber(Map<String, String> options, RunOption option, int number) {
        if (number != 0) {
            options.put(option.key(), Integer.toString(number));
        }
    }
}
