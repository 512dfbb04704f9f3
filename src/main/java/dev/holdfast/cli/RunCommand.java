package dev.holdfast.cli;

import dev.holdfast.command.Environment;
import dev.holdfast.command.ResolvedCommand;
import dev.holdfast.command.ServerContext;
import dev.holdfast.commands.OtherCommands;
import dev.holdfast.config.RunArguments;
import dev.holdfast.config.RunOption;
import dev.holdfast.config.RunSettings;
import dev.holdfast.config.SettingsException;
import dev.holdfast.config.SettingsReader;
import dev.holdfast.console.Console;
import dev.holdfast.console.ExitCode;
import dev.holdfast.error.HoldfastException;
import dev.holdfast.guard.Guard;
import dev.holdfast.guard.GuardOutcome;
import dev.holdfast.guard.GuardSettings;
import dev.holdfast.guard.ParallelInstances;
import dev.holdfast.journal.Journal;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.Step;
import dev.holdfast.lock.file.Steps;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.UnsupportedSystemException;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.share.identity.Identity;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code holdfast run}: read what was said, look the command up, and hand over to the guard. */
final class RunCommand {
    private final Words words;
    private final Environment environment;
    private final Steps steps;
    /** What is different in the background; null in the foreground. */
    private final @Nullable Background background;
    /** Null until all is known that it needs. */
    private @Nullable Guard guard;

    /**
     * Nothing is read or started yet.
     *
     * @param words all that follows {@code run}
     */
    RunCommand(Words words) {
        this(words, Steps.NONE, null);
    }

    /** A run that nobody looks at, begun by {@code holdfast start}. */
    RunCommand(Words words, Background background) {
        this(words, background.steps(), background);
    }

    /** A run that tells somebody of each step. */
    RunCommand(Words words, Steps others) {
        this(words, others, null);
    }

    private RunCommand(Words words, Steps others, @Nullable Background background) {
        this.background = background;
        this.words = words;
        this.environment = LaunchScript.environment();
        this.steps = environment.value(Timing.VARIABLE).isEmpty() ? others : new Timing(others);
    }

    /** An image that is started without a command has this one as its entry point, alone or below an init. */
    private static List<String> missingCommand() {
        String missing = "no command to run; as in: holdfast run -- node dist/index.js";
        return Self.pid() == 1 || Self.parentPid() == 1
                ? List.of(
                        missing,
                        "in a container: docker run IMAGE COMMAND names the server,"
                                + " and docker run --entrypoint holdfast IMAGE status is for holdfast itself")
                : List.of(missing);
    }

    /** Runs it to its end; the process's exit code. */
    int execute() {
        steps.reached(Step.RUN_MAIN);
        RunArguments arguments;
        try {
            arguments = RunArguments.parse(words.texts());
        } catch (HoldfastException e) { // by its own name, the class would be loaded at each start
            if (background == null && seemsToHaveAClient()) {
                return RefusedClient.failed("", e);
            }
            throw e;
        }
        if (arguments.commandIndex() == words.size()) {
            SettingsException.throwIfAny(missingCommand(), false);
        }
        SettingsReader reader = new SettingsReader(arguments, environment);
        try {
            return execute(
                    arguments,
                    reader,
                    reader.read(
                            words.texts().subList(arguments.commandIndex(), words.size()),
                            Self.workingDirectory(),
                            Self.effectiveUser()));
        } catch (HoldfastException e) {
            boolean hadServer = guard != null && guard.hasStartedServer();
            if (background != null || hadServer || !reader.tellsClient()) {
                throw e;
            }
            return RefusedClient.failed(reader.foundName(), e);
        }
    }

    /** As far as can be told of words that make no sense. */
    private boolean seemsToHaveAClient() {
        List<String> all = words.texts();
        List<String> options = all.subList(0, all.contains("--") ? all.indexOf("--") : all.size());
        boolean isOnStdio = Collections.indexOfSubList(options, List.of(RunOption.TRANSPORT.longFlag(), "stdio")) >= 0;
        return (isOnStdio || options.contains(RunOption.SHARE.longFlag()))
                && !options.contains(RunOption.NO_CLIENT_MESSAGE.longFlag())
                && !options.contains(RunOption.EXPLAIN.longFlag());
    }

    private int execute(RunArguments arguments, SettingsReader reader, RunSettings settings) {
        ServerContext context = ServerContext.LAUNCHERS;
        Environment forServer = environment;
        if (settings.process().isPresent()) {
            context = ServerContext.of(settings.process().get());
            forServer = context.environment(environment);
        }
        ResolvedCommand command =
                ResolvedCommand.resolve(words.bytesFrom(arguments.commandIndex()), forServer.bytes("PATH"), context);
        // A host compares itself with others when its server runs.
        Identity identity = background == null && settings.instance().share().isPresent()
                ? Identity.of(
                        command, forServer, context, settings.instance().share().get())
                : null;
        if (settings.explain()) {
            List<String> compared = identity == null ? List.of() : identity.variables();
            return OtherCommands.explanation().execute(settings, lockFile(settings), reader, command, compared);
        }
        requireBlockedSignals(LaunchScript.caller().descriptors());
        if (background == null && identity != null) {
            return new SharedRun(words, settings, environment, identity).execute();
        }
        return guarded(background == null ? settings : background.enter(settings), command, context, forServer);
    }

    private int guarded(
            RunSettings settings, ResolvedCommand command, ServerContext context, Environment environmentOfServer) {
        Environment forServer = environmentOfServer;
        steps.reached(Step.RUN_PARSED);
        String instanceId = LockRecord.newInstanceId();
        Journal journal = LogSinks.journal(settings.log(), instanceId);
        for (String warning : settings.warnings()) {
            journal.warn(warning);
        }
        journal.warnLater(new UnreadVariables(environment));
        LockFile lockFile = lockFile(settings);
        Optional<ParallelInstances> parallelInstances = Optional.empty();
        if (settings.coordination().isPresent()) {
            ParallelInstances sameName = new ParallelInstances(lockFile, settings.dataLock());
            parallelInstances = Optional.of(sameName);
            lockFile = sameName.own(instanceId);
            forServer = sameName.tell(forServer);
        }
        Guard starting =
                new Guard(guardSettings(settings, lockFile, parallelInstances, context), instanceId, journal, steps);
        guard = starting;
        GuardOutcome outcome = starting.run(command, forServer);
        String refusal = outcome instanceof GuardOutcome.Refused refused ? text(settings, lockFile, refused) : "";
        int code = finish(settings, journal, outcome, refusal);
        boolean isStopped = starting.afterGivingWay(outcome, forServer); // now that the user has been told
        if (outcome instanceof GuardOutcome.Refused refused
                && settings.conflict().tellsClient()
                && !isStopped) {
            code = RefusedClient.tell(settings.instance().name(), refused.refusal(), refusal, code);
        }
        if (outcome instanceof GuardOutcome.NotPrepared failure
                && background == null
                && settings.conflict().tellsClient()) {
            code = RefusedClient.failed(settings.instance().name(), failure.message(), code);
        }
        if (code == ExitStatus.codeOf(Signals.INT) && isOfInterruptKey(outcome)) {
            Signals.dieOf(Signals.INT); // else a script around it would go on: bash(1) asks of what a program died
        }
        return code;
    }

    static LockFile lockFile(RunSettings settings) {
        return LockFile.at(settings.lockPath()).with(settings.network());
    }

    static GuardSettings guardSettings(
            RunSettings settings,
            LockFile lockFile,
            Optional<ParallelInstances> parallelInstances,
            ServerContext context) {
        return new GuardSettings(
                settings.instance(),
                LaunchScript.caller(),
                lockFile,
                parallelInstances,
                settings.conflict(),
                settings.server(),
                settings.output(),
                settings.activation(),
                context);
    }

    /** Where env(1) could not block them, the JVM starts itself once more with them blocked. */
    static void requireBlockedSignals(List<Integer> inherited) {
        if (Signals.areBlocked()) {
            return;
        }
        if (LaunchScript.wasStartedAgain()) {
            throw new UnsupportedSystemException(
                    "signals cannot be blocked from the start; run Holdfast by bin/holdfast, not by java");
        }
        int errno = Self.replaceWithBlockedSignals(LaunchScript.startedAgain(), inherited);
        throw new UnsupportedSystemException("cannot start again with signals blocked: " + Errno.describe(errno));
    }

    private static String text(RunSettings settings, LockFile lockFile, GuardOutcome.Refused refused) {
        return new ConflictMessage(
                        settings.instance().name(), settings.instance().nameOrigin(), lockFile)
                .of(refused.refusal());
    }

    private static int finish(RunSettings settings, Journal journal, GuardOutcome outcome, String refusal) {
        if (outcome instanceof GuardOutcome.Ended ended) {
            int code = ended.status().shellCode();
            if (code == 0 && ended.failed()) {
                return ExitCode.UNAVAILABLE.number();
            }
            return settings.exitMap().getOrDefault(code, code);
        }
        if (outcome instanceof GuardOutcome.Interrupted interrupted) {
            return ExitStatus.codeOf(interrupted.signal());
        }
        if (outcome instanceof GuardOutcome.NotPrepared failure) {
            journal.open();
            Console.complain(failure.message());
            return ExitCode.UNAVAILABLE.number();
        }
        if (outcome instanceof GuardOutcome.Refused) {
            journal.open();
            Console.complain(refusal);
            return settings.conflict().exitCode().orElse(ExitCode.CONFLICT.number());
        }
        return outcome instanceof GuardOutcome.Activated activated ? activated.code() : ExitCode.OK.number();
    }

    private static boolean isOfInterruptKey(GuardOutcome outcome) {
        return (outcome instanceof GuardOutcome.Ended ended && ended.ofInterruptKey())
                || (outcome instanceof GuardOutcome.Interrupted interrupted && interrupted.ofInterruptKey());
    }
}
