package dev.holdfast.config;

import dev.holdfast.posix.signals.Signals;
import dev.holdfast.settings.ActivationSettings;
import dev.holdfast.settings.ConflictPolicy;
import dev.holdfast.settings.ConflictSettings;
import dev.holdfast.settings.Forwarding;
import dev.holdfast.settings.HandOff;
import dev.holdfast.settings.HookSettings;
import dev.holdfast.settings.InstanceSettings;
import dev.holdfast.settings.KillMode;
import dev.holdfast.settings.LauncherDeath;
import dev.holdfast.settings.ListenSettings;
import dev.holdfast.settings.LogFormat;
import dev.holdfast.settings.LogLevel;
import dev.holdfast.settings.LogSettings;
import dev.holdfast.settings.NameOrigin;
import dev.holdfast.settings.NetworkPolicy;
import dev.holdfast.settings.OutputSettings;
import dev.holdfast.settings.ProcessSettings;
import dev.holdfast.settings.ReadinessSettings;
import dev.holdfast.settings.RestartPolicy;
import dev.holdfast.settings.ServerSettings;
import dev.holdfast.settings.ShareScope;
import dev.holdfast.settings.ShareSettings;
import dev.holdfast.settings.SignalTarget;
import dev.holdfast.settings.StopSettings;
import dev.holdfast.settings.TrackingSettings;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Reads settings from flags, variables and the configuration file, collects all problems, and tells them together. */
public final class SettingsReader {
    private static final List<RunOption> NEED_THE_LAUNCHER = List.of(
            RunOption.RESTART,
            RunOption.READY_TIMEOUT,
            RunOption.READY_PORT,
            RunOption.READY_HTTP,
            RunOption.READY_LOG,
            RunOption.READY_COMMAND,
            RunOption.READY_FD,
            RunOption.WATCHDOG,
            RunOption.METRICS,
            RunOption.POST_STOP,
            RunOption.OUTPUT,
            RunOption.ON_ACTIVATE,
            RunOption.ACTIVATE_SIGNAL);

    private static final String SHELL_COMMAND = "be a shell command";
    private static final int MOST_RESTARTS = 1_000_000;

    private final OptionValues values;
    private String foundName = "";
    private final UnaryOperator<String> environment;

    /**
     * Reads nothing yet.
     *
     * @param arguments what was typed
     * @param environment gives a variable's value, empty when it is not set
     */
    public SettingsReader(RunArguments arguments, UnaryOperator<String> environment) {
        values = new OptionValues(arguments, environment);
        this.environment = environment;
    }

    /**
     * Reads every option, the file too, and tells all problems together.
     *
     * @param command the server's command
     * @param workingDirectory where it is started
     * @param user the effective user id
     * @throws SettingsException if anything cannot be
     */
    public RunSettings read(List<String> command, String workingDirectory, int user) {
        String said = name(command, workingDirectory);
        addFile(said, workingDirectory, user);
        Optional<ShareSettings> share = share(workingDirectory, user);
        String name = share.isPresent() ? sharedName(said, share.get(), workingDirectory) : said;
        foundName = name;
        LockPlace lock = LockPlace.read(values);
        lock = share.isPresent() ? lock.usuallyOfUser() : lock;
        Map<Integer, Integer> exitMap = exitMap();
        HookSettings hooks = hooks();
        NetworkPolicy network = values.isOn(RunOption.ALLOW_NETWORK_LOCK) ? NetworkPolicy.ALLOW : NetworkPolicy.REFUSE;
        Optional<CoordinationOptions> coordination = coordination(lock, name, workingDirectory, user);
        ConflictSettings conflict = conflict();
        warnOfAlmostStdio();
        ServerSettings server = server(hooks, exitMap, workingDirectory);
        RunSettings settings = new RunSettings(
                instance(name, command, workingDirectory, share),
                lock.path(name, workingDirectory, user),
                network,
                coordination,
                conflict,
                server,
                activation(conflict.policy()),
                process(),
                output(workingDirectory),
                exitMap,
                values.isOn(RunOption.EXPLAIN),
                log(),
                values.warnings());
        if (settings.server().handOff() == HandOff.EXEC) {
            refuseWhatNeedsTheLauncher();
        }
        values.throwProblems();
        return settings;
    }

    /** Whether an AI client is told when the server is not started; known after a try to read the rest. */
    public boolean tellsClient() {
        return isClientWatched() && !values.isOn(RunOption.NO_CLIENT_MESSAGE) && !values.isOn(RunOption.EXPLAIN);
    }

    /** The instance's; empty when that is not known yet. */
    public String foundName() {
        return foundName;
    }

    private InstanceSettings instance(
            String name, List<String> command, String workingDirectory, Optional<ShareSettings> share) {
        return new InstanceSettings(
                name,
                nameOrigin(command),
                values.shortText(RunOption.TRANSPORT, "stdio"),
                isClientWatched(),
                values.shortText(RunOption.APP_VERSION, "0"),
                tracking(workingDirectory),
                values.isOn(RunOption.METRICS) ? Optional.of(MetricsReader.read(values)) : Optional.empty(),
                share,
                share.isPresent() ? Optional.of(SaidOptionsReader.read(values)) : Optional.empty());
    }

    /** Asked for first: what is not shared loads nothing of it. */
    private Optional<ShareSettings> share(String workingDirectory, int user) {
        if (values.isOn(RunOption.SHARE)) {
            return Optional.of(ShareReader.read(values, RunFolder.path(environment, workingDirectory, user)));
        }
        for (RunOption option : values.typed()) {
            if (option.isOfShare()) { // the file or a variable may say it for all instances
                values.problem(option, "needs --share");
            }
        }
        return Optional.empty();
    }

    /** Each folder's own server has a name of its own. */
    private String sharedName(String name, ShareSettings share, String workingDirectory) {
        boolean isFolders = share.scope() == ShareScope.CWD && InstanceName.isValid(name);
        return isFolders
                ? SharedName.of(
                        name,
                        LockPlace.absolute(
                                values.nonEmpty(RunOption.CWD, "name a folder").orElse(workingDirectory),
                                workingDirectory))
                : name;
    }

    private ConflictSettings conflict() {
        return new ConflictSettings(
                onConflict(),
                values.optionalDuration(RunOption.WAIT_TIMEOUT),
                values.number(RunOption.CONFLICT_EXIT_CODE, 0, 255),
                isClientWatched() && !values.isOn(RunOption.NO_CLIENT_MESSAGE));
    }

    private ServerSettings server(HookSettings hooks, Map<Integer, Integer> exitMap, String workingDirectory) {
        Optional<ListenSettings> listen = listen(workingDirectory);
        return new ServerSettings(
                stop(),
                forwarding(),
                values.choice(RunOption.HANDOFF, HandOff.values()),
                readiness(hooks, listen),
                restart(exitMap),
                hooks,
                listen);
    }

    private StopSettings stop() {
        return new StopSettings(
                values.duration(RunOption.GRACE, Duration.ofSeconds(5)),
                signal(values, RunOption.STOP_SIGNAL),
                values.choice(RunOption.KILL_MODE, KillMode.values()),
                launcherDeath());
    }

    private Forwarding forwarding() {
        return new Forwarding(
                signalMap(),
                values.choice(RunOption.FORWARD, SignalTarget.values()),
                values.isOn(RunOption.RELOAD_ON_HUP));
    }

    private LogSettings log() {
        return new LogSettings(
                logLevel(),
                values.choice(RunOption.LOG_FORMAT, LogFormat.values()),
                values.nonEmpty(RunOption.LOG_FILE, "name a file"));
    }

    /** Any word is recorded as a transport, and only one means more: nobody would notice that a client is not watched. */
    private void warnOfAlmostStdio() {
        String said = values.text(RunOption.TRANSPORT);
        boolean isPlain = said.isEmpty() || said.equals("stdio");
        if (!isPlain
                && !Suggestions.nearest(said.toLowerCase(Locale.ROOT), List.of("stdio"))
                        .isEmpty()) {
            values.warn(values.value(RunOption.TRANSPORT).place()
                    + " is not stdio, so the client is not watched; did you mean stdio?");
        }
    }

    private boolean isClientWatched() {
        return values.text(RunOption.TRANSPORT).equals("stdio") || values.isOn(RunOption.SHARE);
    }

    /** A SIGKILL at the launcher is the last step of every client's ladder: nobody comes back for the server then. */
    private LauncherDeath launcherDeath() {
        return isClientWatched()
                ? values.choice(RunOption.DEATH_SIGNAL, LauncherDeath.KILL, LauncherDeath.TERM, LauncherDeath.NONE)
                : values.choice(RunOption.DEATH_SIGNAL, LauncherDeath.TERM, LauncherDeath.KILL, LauncherDeath.NONE);
    }

    /** After an exec nobody is left to do it: better told now than missed later. */
    private void refuseWhatNeedsTheLauncher() {
        for (RunOption option : NEED_THE_LAUNCHER) {
            boolean isOff = (option == RunOption.RESTART && values.text(option).equalsIgnoreCase("no"))
                    || (option == RunOption.METRICS && !values.isOn(option));
            if (values.isSet(option) && !isOff) {
                String instead = option == RunOption.OUTPUT ? "; or let the shell write it: >>FILE" : "";
                values.problem(option, "needs --handoff supervise, for after an exec no launcher is left" + instead);
            }
        }
    }

    /** Asked for first, here and below: what is not said need not be loaded. */
    private Optional<CoordinationOptions> coordination(LockPlace lock, String name, String folder, int user) {
        return values.isSet(RunOption.COORDINATION)
                ? CoordinationOptions.read(values, lock, name, folder, user)
                : Optional.empty();
    }

    private Optional<ListenSettings> listen(String workingDirectory) {
        if (!values.isAnySet(RunOption.LISTEN, RunOption.LISTEN_STDIN)) {
            return Optional.empty();
        }
        ListenSettings settings = ListenOptions.read(values, workingDirectory);
        if (settings.asStdin() && isClientWatched() && !values.isOn(RunOption.SHARE)) {
            values.problem(RunOption.LISTEN_STDIN, "and --transport stdio exclude each other");
        }
        return settings.addresses().isEmpty() && !settings.asStdin() ? Optional.empty() : Optional.of(settings);
    }

    private ReadinessSettings readiness(HookSettings hooks, Optional<ListenSettings> listen) {
        return values.isAnySet(
                        RunOption.READY_TIMEOUT,
                        RunOption.READY_PORT,
                        RunOption.READY_HTTP,
                        RunOption.READY_LOG,
                        RunOption.READY_COMMAND,
                        RunOption.READY_FD,
                        RunOption.WATCHDOG)
                ? ReadinessReader.read(values, hooks.timeout(), listen)
                : ReadinessSettings.NONE;
    }

    private Optional<ProcessSettings> process() {
        return values.isAnySet(
                        RunOption.CWD,
                        RunOption.UMASK,
                        RunOption.ENV_FILE,
                        RunOption.USER,
                        RunOption.GROUP,
                        RunOption.OOM_SCORE_ADJ,
                        RunOption.NICE)
                ? Optional.of(ProcessReader.read(values))
                : Optional.empty();
    }

    private Optional<OutputSettings> output(String workingDirectory) {
        return values.isAnySet(RunOption.OUTPUT, RunOption.OUTPUT_SIZE, RunOption.OUTPUT_KEEP)
                ? OutputOptions.read(values, workingDirectory, !isClientWatched())
                : Optional.empty();
    }

    private Optional<TrackingSettings> tracking(String workingDirectory) {
        return values.isAnySet(
                        RunOption.DATA_DIR,
                        RunOption.DESCRIPTION,
                        RunOption.HOST,
                        RunOption.PORT,
                        RunOption.CONFIG_ENV,
                        RunOption.CONFIG_FILE,
                        RunOption.CONFIG_MINOR,
                        RunOption.TRACKING_DIR,
                        RunOption.NO_TRACKING,
                        RunOption.HEARTBEAT_INTERVAL,
                        RunOption.CONFLICT_DETECTION)
                ? Optional.of(new TrackingReader(values, workingDirectory).read())
                : Optional.empty();
    }

    private HookSettings hooks() {
        Duration timeout = values.duration(RunOption.HOOK_TIMEOUT, Duration.ofSeconds(30));
        if (timeout.isZero()) {
            values.problem(RunOption.HOOK_TIMEOUT, "must be longer than nothing");
        }
        return new HookSettings(
                values.nonEmpty(RunOption.PRE_START, SHELL_COMMAND).orElse(""),
                values.nonEmpty(RunOption.POST_STOP, SHELL_COMMAND).orElse(""),
                values.nonEmpty(RunOption.ON_CONFLICT_COMMAND, SHELL_COMMAND).orElse(""),
                timeout);
    }

    private Optional<ActivationSettings> activation(ConflictPolicy policy) {
        if (policy != ConflictPolicy.ACTIVATE
                && !values.isAnySet(RunOption.ON_ACTIVATE, RunOption.ACTIVATE_SIGNAL, RunOption.ACTIVATE_TIMEOUT)) {
            return Optional.empty();
        }
        return Optional.of(ActivationReader.read(values));
    }

    private RestartPolicy restart(Map<Integer, Integer> exitMap) {
        RestartPolicy policy = new RestartPolicy(
                values.choice(RunOption.RESTART, RestartPolicy.Mode.values()),
                values.duration(RunOption.RESTART_DELAY, Duration.ofSeconds(1)),
                values.duration(RunOption.RESTART_MAX_DELAY, Duration.ofMinutes(1)),
                values.number(RunOption.RESTART_LIMIT, 0, MOST_RESTARTS).orElse(10),
                values.duration(RunOption.RESTART_WINDOW, Duration.ofMinutes(10)),
                values.duration(RunOption.RESTART_RESET, Duration.ofMinutes(1)),
                successes(exitMap));
        if (values.isSet(RunOption.RESTART_MAX_DELAY) && policy.maxDelay().compareTo(policy.delay()) < 0) {
            values.problem(RunOption.RESTART_MAX_DELAY, "must not be shorter than --restart-delay");
        }
        return policy;
    }

    /** Codes that the user says are a success. */
    private static Set<Integer> successes(Map<Integer, Integer> exitMap) {
        Set<Integer> successes = new HashSet<>();
        for (Map.Entry<Integer, Integer> mapped : exitMap.entrySet()) {
            if (mapped.getValue() == 0) {
                successes.add(mapped.getKey());
            }
        }
        return successes;
    }

    private String name(List<String> command, String workingDirectory) {
        if (!values.isSet(RunOption.NAME)) {
            return CommandName.of(command, workingDirectory);
        }
        String given = values.text(RunOption.NAME);
        if (!InstanceName.isValid(given)) {
            values.problem(RunOption.NAME, InstanceName.RULE);
        }
        return given;
    }

    /** Whoever says which lock file needs no name. What the name depends on matters to a start only that may end others. */
    private NameOrigin nameOrigin(List<String> command) {
        if (values.isSet(RunOption.NAME) || values.isSet(RunOption.LOCK_FILE)) {
            return NameOrigin.GIVEN;
        }
        boolean mayEndOthers = values.isSet(RunOption.FORCE) || values.isSet(RunOption.ON_CONFLICT);
        return mayEndOthers && CommandName.dependsOnFolder(command) ? NameOrigin.FOLDER : NameOrigin.COMMAND;
    }

    /** Before anything else is looked up; only the name does not come from the file, since it chooses the table. */
    private void addFile(String name, String workingDirectory, int user) {
        Optional<String> path = ConfigLocation.find(values, environment, workingDirectory, user);
        if (path.isPresent()) {
            ConfigFile file = ConfigFile.read(path.get());
            file.problems().forEach(values::fileProblem);
            values.addFile(file.values(name));
        }
    }

    /** The value of an option, and who has set it. Good after {@link #read}. */
    public OptionValue value(RunOption option) {
        return values.value(option);
    }

    private ConflictPolicy onConflict() {
        ConflictPolicy policy = values.choice(RunOption.ON_CONFLICT, ConflictPolicy.values());
        boolean forced = values.isOn(RunOption.FORCE);
        OptionValue.Origin origin = values.value(RunOption.FORCE).origin();
        boolean together = origin == values.value(RunOption.ON_CONFLICT).origin()
                && (origin == OptionValue.Origin.COMMAND_LINE || origin == OptionValue.Origin.FILE);
        if (forced && together && policy != ConflictPolicy.TAKEOVER) {
            values.problem(RunOption.FORCE, "and --on-conflict " + policy + " exclude each other");
        }
        return forced ? ConflictPolicy.TAKEOVER : policy;
    }

    /** Asked for first: the first method reference of a process loads a hundred classes. */
    private Map<Integer, Integer> signalMap() {
        return values.isSet(RunOption.MAP_SIGNAL) ? SignalMapReader.read(values) : Map.of();
    }

    private Map<Integer, Integer> exitMap() {
        return values.isSet(RunOption.MAP_EXIT)
                ? values.map(RunOption.MAP_EXIT, OptionValues::exitCode, OptionValues::exitCode)
                : Map.of();
    }

    /** 0 when none was said. */
    static int signal(OptionValues values, RunOption option) {
        if (!values.isSet(option)) {
            return 0;
        }
        int signal = Signals.parse(values.text(option)).orElse(0);
        if (signal == 0) {
            values.problem(option, "must be a signal, such as TERM or 15");
        }
        return signal;
    }

    private LogLevel logLevel() {
        if (values.isOn(RunOption.VERBOSE)) {
            return LogLevel.DEBUG;
        }
        if (values.isOn(RunOption.QUIET)) {
            return LogLevel.ERROR;
        }
        return values.isSet(RunOption.LOG_LEVEL)
                ? values.choice(RunOption.LOG_LEVEL, LogLevel.values())
                : LogLevel.INFO;
    }
}
