package dev.holdfast.cli;

import dev.holdfast.config.HookOptions;
import dev.holdfast.config.ReadinessOptions;
import dev.holdfast.config.RestartOptions;
import dev.holdfast.config.RunArguments;
import dev.holdfast.config.RunSettings;
import dev.holdfast.config.SettingsException;
import dev.holdfast.config.SettingsReader;
import dev.holdfast.guard.ConflictPolicy;
import dev.holdfast.guard.Environment;
import dev.holdfast.guard.Guard;
import dev.holdfast.guard.GuardOutcome;
import dev.holdfast.guard.GuardSettings;
import dev.holdfast.guard.HandOff;
import dev.holdfast.guard.HookSettings;
import dev.holdfast.guard.Journal;
import dev.holdfast.guard.ProcessSettings;
import dev.holdfast.guard.ServerCommand;
import dev.holdfast.lock.LockFile;
import dev.holdfast.lock.Steps;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.HoldfastException;
import dev.holdfast.posix.Self;
import dev.holdfast.posix.Signals;
import dev.holdfast.posix.UnsupportedSystemException;
import dev.holdfast.supervise.Forwarding;
import dev.holdfast.supervise.KillMode;
import dev.holdfast.supervise.ReadinessSettings;
import dev.holdfast.supervise.RestartPolicy;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** {@code holdfast run}: read what was said, look the command up, and hand over to the guard. */
final class RunCommand {
    private static final int SIGNAL_BASE = 128;

    private final Words words;
    private final Environment environment;

    /**
     * A run.
     *
     * @param words all that follows {@code run}
     */
    RunCommand(Words words) {
        this.words = words;
        this.environment = Environment.ofLauncher();
    }

    /** Runs it to its end; the process's exit code. */
    int execute() {
        RunArguments arguments = RunArguments.parse(words.texts());
        if (arguments.commandIndex() == words.size()) {
            throw new SettingsException(List.of("no command to run; as in: holdfast run -- node dist/index.js"), false);
        }
        SettingsReader reader = new SettingsReader(arguments, environment::value);
        RunSettings settings = reader.read(
                words.texts().subList(arguments.commandIndex(), words.size()),
                Self.workingDirectory(),
                Self.effectiveUser());
        ProcessSettings process = ProcessSettings.NONE;
        Environment forServer = environment;
        if (settings.process().isAnythingSaid()) {
            process = ServerSettings.of(settings.process());
            forServer = ServerSettings.environment(environment, settings.process(), process);
        }
        ServerCommand command =
                ServerCommand.resolve(words.bytesFrom(arguments.commandIndex()), forServer.bytes("PATH"), process);
        if (settings.explain()) {
            return new ExplainCommand(settings, reader, command, environment).execute();
        }
        requireBlockedSignals();
        String instanceId = Guard.newInstanceId();
        Journal journal = LogSinks.journal(settings, instanceId);
        settings.warnings().forEach(journal::warn);
        Guard guard = new Guard(guardSettings(settings, process), instanceId, journal, steps());
        return finish(settings, journal, guard.run(command, forServer));
    }

    /** Where env(1) could not block them, the JVM starts itself once more with them blocked. */
    private void requireBlockedSignals() {
        if (Signals.areBlocked()) {
            return;
        }
        if (Environment.wasStartedAgain()) {
            throw new UnsupportedSystemException(
                    "signals cannot be blocked from the start; run Holdfast by bin/holdfast, not by java");
        }
        int errno = Self.replaceWithBlockedSignals(Environment.STARTED_AGAIN + "=1");
        throw new UnsupportedSystemException("cannot start again with signals blocked: " + Errno.describe(errno));
    }

    private Steps steps() {
        String step = environment.value(CrashPoint.VARIABLE);
        return step.isEmpty() ? Steps.NONE : new CrashPoint(step);
    }

    private static GuardSettings guardSettings(RunSettings settings, ProcessSettings process) {
        return new GuardSettings(
                settings.name(),
                LockFile.at(settings.lockPath()),
                ConflictPolicy.valueOf(settings.onConflict().toUpperCase(Locale.ROOT)),
                settings.waitTimeout(),
                settings.grace(),
                settings.stopSignal(),
                settings.transport(),
                settings.watchClient(),
                settings.appVersion(),
                new Forwarding(
                        settings.signalMap(),
                        Forwarding.Target.valueOf(settings.forwardTo().toUpperCase(Locale.ROOT)),
                        settings.reloadOnHangUp()),
                KillMode.valueOf(settings.killMode().toUpperCase(Locale.ROOT)),
                HandOff.valueOf(settings.handOff().toUpperCase(Locale.ROOT)),
                readiness(settings.readiness()),
                restart(settings),
                deathSignal(settings),
                process,
                hooks(settings.hooks()));
    }

    private static HookSettings hooks(HookOptions said) {
        return new HookSettings(said.preStart(), said.postStop(), said.onConflict(), said.timeout());
    }

    private static int deathSignal(RunSettings settings) {
        return switch (settings.deathSignal()) {
            case "none" -> 0;
            case "kill" -> Signals.KILL;
            default -> Signals.TERM;
        };
    }

    private static ReadinessSettings readiness(ReadinessOptions options) {
        return new ReadinessSettings(
                options.timeout(), options.port(), options.url(), options.logPattern(), options.watchdog());
    }

    private static RestartPolicy restart(RunSettings settings) {
        RestartOptions options = settings.restart();
        Set<Integer> successes = new HashSet<>();
        for (Map.Entry<Integer, Integer> mapped : settings.exitMap().entrySet()) {
            if (mapped.getValue() == 0) {
                successes.add(mapped.getKey());
            }
        }
        return new RestartPolicy(
                RestartPolicy.Mode.valueOf(
                        options.policy().toUpperCase(Locale.ROOT).replace('-', '_')),
                options.delay(),
                options.maxDelay(),
                options.limit(),
                options.window(),
                options.resetAfter(),
                successes);
    }

    private static int finish(RunSettings settings, Journal journal, GuardOutcome outcome) {
        if (outcome instanceof GuardOutcome.Ended ended) {
            int code = ended.status().shellCode();
            if (code == 0 && ended.failed()) {
                return ExitCode.UNAVAILABLE.number();
            }
            return settings.exitMap().getOrDefault(code, code);
        }
        if (outcome instanceof GuardOutcome.Interrupted interrupted) {
            return SIGNAL_BASE + interrupted.signal();
        }
        if (outcome instanceof GuardOutcome.NotPrepared failure) {
            journal.open();
            Console.complain(failure.message());
            return ExitCode.UNAVAILABLE.number();
        }
        if (outcome instanceof GuardOutcome.Refused refused) {
            journal.open();
            Console.complain(refused.message());
            int code = settings.conflictExitCode();
            return code < 0 ? ExitCode.CONFLICT.number() : code;
        }
        return ExitCode.OK.number();
    }

    /** For {@link Main}, which tells every failure in one way. */
    static int report(HoldfastException failure) {
        Console.complain(Failures.text(failure));
        return Failures.exitCode(failure).number();
    }
}
