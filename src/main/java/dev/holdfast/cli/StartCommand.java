package dev.holdfast.cli;

import dev.holdfast.command.CommandDigest;
import dev.holdfast.command.Environment;
import dev.holdfast.config.CommandArguments;
import dev.holdfast.config.CommandOption;
import dev.holdfast.config.OutputOptions;
import dev.holdfast.config.RunArguments;
import dev.holdfast.config.RunOption;
import dev.holdfast.config.RunSettings;
import dev.holdfast.config.SettingsException;
import dev.holdfast.config.SettingsReader;
import dev.holdfast.config.StartOption;
import dev.holdfast.console.Console;
import dev.holdfast.console.ExitCode;
import dev.holdfast.control.RedeployOrder;
import dev.holdfast.instance.InstanceComparison;
import dev.holdfast.instance.InstanceRedeploy;
import dev.holdfast.instance.InstanceWait;
import dev.holdfast.instance.InstanceWatch;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.OpenLockFile;
import dev.holdfast.output.OutputLogs;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.settings.ConflictPolicy;
import dev.holdfast.settings.HandOff;
import dev.holdfast.settings.ListenSettings;
import dev.holdfast.settings.ProcessSettings;
import dev.holdfast.text.DurationText;
import dev.holdfast.text.Printable;
import dev.holdfast.text.RawText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code holdfast start}: a launcher in the background, and an answer when its server is up.
 *
 * <p>How it goes is read from the record in the lock file, which inotify(7) tells of, and the launcher's pidfd tells of its
 * end, whatever it was. Nothing depends on this process: when it is killed meanwhile, the start goes on.
 *
 * <p>No lambdas here: a user waits for it, and the first of a JVM's life loads a hundred classes.
 */
final class StartCommand {
    private static final Duration STANDARD_SETTLE = Duration.ofSeconds(1);

    private final Words words;
    private final CommandArguments arguments;
    private final Environment environment = LaunchScript.environment();
    private final RunSettings settings;
    private final String output;
    private final Duration settle;
    private final LockFile lockFile;
    /** Of a session; empty when there is none. */
    private final Map<String, String> variables;

    private final String pidFile;

    StartCommand(Words words) {
        this(words, Map.of(), "");
    }

    /**
     * A start in a session.
     *
     * @param variables what the server's environment has beside the caller's
     * @param pidFile where the launcher writes its pid; empty for nowhere
     */
    StartCommand(Words words, Map<String, String> variables, String pidFile) {
        this.words = words;
        this.variables = variables;
        this.pidFile = pidFile;
        arguments = CommandArguments.beforeCommand(CommandOption.of("start"), words.texts());
        if (arguments.rest() == words.size()) {
            throw new SettingsException(
                    List.of("no command to start; as in: holdfast start -- node dist/index.js"), false);
        }
        SettingsReader reader = new SettingsReader(new RunArguments(ofRun(), arguments.rest()), environment);
        settings = reader.read(
                words.texts().subList(arguments.rest(), words.size()), Self.workingDirectory(), Self.effectiveUser());
        List<String> problems = new ArrayList<>();
        settle = settle(problems);
        output = output(problems);
        checkWhatIsDifferentHere(problems);
        if (!problems.isEmpty()) {
            throw new SettingsException(problems, false);
        }
        lockFile = RunCommand.lockFile(settings);
    }

    /** Without what needs a file to be named, as here it need not be: the launcher, which gets a name, checks these. */
    private Map<RunOption, String> ofRun() {
        Map<RunOption, String> read = new EnumMap<>(RunOption.class);
        read.putAll(arguments.ofRun());
        read.remove(RunOption.OUTPUT_SIZE);
        read.remove(RunOption.OUTPUT_KEEP);
        return read;
    }

    private Duration settle(List<String> problems) {
        if (!arguments.has(StartOption.SETTLE)) {
            return STANDARD_SETTLE;
        }
        String typed = arguments.value(StartOption.SETTLE);
        Optional<Duration> found = DurationText.parse(typed);
        if (found.isEmpty()) {
            problems.add("--settle \"" + Printable.text(typed) + "\" must be a duration, such as 500ms, 5s or 2m");
        }
        return found.orElse(STANDARD_SETTLE);
    }

    private String output(List<String> problems) {
        if (settings.output().isPresent()) {
            return settings.output().get().path();
        }
        Optional<String> folder = OutputOptions.folder(environment, Self.workingDirectory(), Self.effectiveUser());
        if (folder.isEmpty()) {
            problems.add("there is no home folder to keep output in; say where by --output FILE, or HOLDFAST_HOME");
        }
        return OutputLogs.path(folder.orElse(""), settings.instance().name());
    }

    private void checkWhatIsDifferentHere(List<String> problems) {
        if (settings.server().handOff() == HandOff.EXEC) {
            problems.add("--handoff exec is not for start, which needs the launcher: nohup holdfast run --handoff exec"
                    + " ... >>FILE & does without");
        }
        if (settings.coordination().isPresent()) {
            problems.add("start is for one instance of a name, so --coordination must be singleton");
        }
        if (settings.explain()) {
            problems.add("--explain is for holdfast run, which has the same options");
        }
        String stdin = arguments.value(StartOption.STDIN);
        Optional<ListenSettings> listen = settings.server().listen();
        boolean isSocket = listen.isPresent() && listen.get().asStdin();
        if (arguments.has(StartOption.STDIN) && settings.instance().share().isPresent()) {
            problems.add("--stdin and --share exclude each other: the server's stdin is its clients'");
        }
        if (isSocket && stdin.equals(Background.HOLD)) {
            problems.add("--stdin hold and --listen-stdin exclude each other");
        }
        if (!stdin.isEmpty() && !stdin.equals(Background.NOTHING) && !stdin.equals(Background.HOLD)) {
            problems.add("--stdin \"" + Printable.text(stdin) + "\" must be one of null, hold");
        }
    }

    /** Where the instance's lock is. */
    String lockPath() {
        return lockFile.path();
    }

    int execute() {
        boolean isRefused = settings.conflict().policy() == ConflictPolicy.FAIL;
        boolean isForced = false;
        if (isRefused) {
            InstanceComparison.Result running = InstanceComparison.compare(lockFile, digest());
            if (running == InstanceComparison.Result.SAME) {
                return alreadyRunning();
            }
            if (arguments.has(StartOption.REPLACE) && running == InstanceComparison.Result.OTHER) {
                Optional<Integer> redeployed = redeploy();
                if (redeployed.isPresent()) {
                    return redeployed.get();
                }
                isForced = true;
            }
        }
        OutputTail tail = new OutputTail(output);
        try (InstanceWatch watch = new InstanceWatch(lockFile);
                StartedLauncher launcher =
                        StartedLauncher.start(launcherWords(isForced), environment.with(variables))) {
            ExitStatus end = awaitServer(watch, launcher);
            if (end == null) {
                Console.result(settings.instance().name() + ": started, pid " + launcher.pid() + ", output " + output);
                return ExitCode.OK.number();
            }
            return failed(launcher, end, tail);
        }
    }

    /** Empty when that does not fit, and the running one is to be ended first. */
    private Optional<Integer> redeploy() {
        if (arguments.has(StartOption.STDIN)
                || !RedeployedOptions.areAll(arguments.ofRun().keySet())) {
            return Optional.empty();
        }
        Target target = new Target(settings.instance().name(), lockFile);
        String doubt = RedeployCommand.doubtOfEnvironment(target);
        if (!doubt.isEmpty()) {
            throw new SettingsException(List.of(doubt + ", which holdfast redeploy takes"), false);
        }
        Map<String, String> options = new LinkedHashMap<>();
        RedeployedOptions.add(options, arguments.ofRun().keySet(), settings);
        if (arguments.has(StartOption.SETTLE)) {
            options.put(RedeployOrder.SETTLE, Long.toString(settle.toMillis()));
        }
        byte[] order = RedeployCommand.order(words.bytesFrom(arguments.rest()), environment, options);
        InstanceRedeploy.Result result = InstanceRedeploy.redeploy(lockFile, order);
        return result instanceof InstanceRedeploy.Result.Reported
                ? Optional.of(new RedeployText("redeploy", target).tell(result))
                : Optional.empty();
    }

    private String digest() {
        Optional<ProcessSettings> process = settings.process();
        Optional<String> said = process.isPresent() ? process.get().workingDirectory() : Optional.empty();
        String folder = said.isPresent() ? said.get() : Self.workingDirectory();
        return CommandDigest.of(
                words.bytesFrom(arguments.rest()), folder, settings.instance().version());
    }

    /** Of one that is still starting, the same is waited for as of one of our own. */
    private int alreadyRunning() {
        InstanceWait.Outcome outcome = new InstanceWait(lockFile, Optional.empty()).ready();
        if (outcome.result() != InstanceWait.Result.DONE) {
            Console.complain("\"" + settings.instance().name()
                    + "\" was being started by another start, and has ended"
                    + LogHint.of(settings.instance().name(), output));
            return ExitCode.UNAVAILABLE.number();
        }
        Optional<LockRecord> record = outcome.last().record();
        String pid = record.isPresent() ? ", pid " + record.get().launcher().pid() : "";
        Console.result(settings.instance().name() + ": already running" + pid + ", the same command");
        return ExitCode.OK.number();
    }

    private String stdin() {
        if (settings.instance().share().isPresent()) {
            return Background.SHARE_AND_STAY;
        }
        return arguments.value(StartOption.STDIN).equals(Background.HOLD) ? Background.HOLD : Background.NOTHING;
    }

    /** What was said, and where its output goes. */
    private List<byte[]> launcherWords(boolean isForced) {
        List<String> all = new ArrayList<>();
        all.add(Background.WORD);
        all.add(new Background(stdin(), pidFile).word());
        for (Map.Entry<RunOption, String> said : arguments.ofRun().entrySet()) {
            if (said.getKey() != RunOption.OUTPUT) {
                String flag = said.getKey().longFlag();
                all.add(said.getKey().takesValue() ? flag + "=" + said.getValue() : flag);
            }
        }
        all.add(RunOption.OUTPUT.longFlag() + "=" + output);
        if (isForced && !arguments.has(RunOption.FORCE)) {
            all.add(RunOption.FORCE.longFlag());
        }
        all.add("--");
        List<byte[]> bytes = new ArrayList<>();
        for (String word : all) {
            bytes.add(RawText.bytes(word));
        }
        bytes.addAll(words.bytesFrom(arguments.rest()));
        return bytes;
    }

    /** Null when it is up; otherwise how the launcher ended. */
    private @Nullable ExitStatus awaitServer(InstanceWatch watch, StartedLauncher launcher) {
        Optional<ProcessIdentity> seen = Optional.empty();
        long settledAt = Long.MAX_VALUE;
        while (true) {
            launcher.listen();
            Optional<LockRecord> record = record(launcher.pid());
            Optional<ExitStatus> end = launcher.end();
            if (end.isPresent()) {
                return end.get();
            }
            boolean isReady = record.isPresent() && InstanceWait.isReady(record.get());
            if (isReady && settings.server().readiness().isExpected()) {
                return null;
            }
            Optional<ProcessIdentity> server = isReady ? record.get().server() : Optional.empty();
            if (!isSame(server, seen)) {
                seen = server;
                settledAt = server.isEmpty() ? Long.MAX_VALUE : System.nanoTime() + settle.toNanos();
            }
            if (System.nanoTime() >= settledAt) {
                return null;
            }
            watch.await(settledAt, launcher.descriptors());
        }
    }

    /** Not by the record's own equals, for which the JVM makes thirty classes. */
    private static boolean isSame(Optional<ProcessIdentity> one, Optional<ProcessIdentity> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() && other.isEmpty();
        }
        ProcessIdentity now = one.get();
        ProcessIdentity then = other.get();
        return now.pid() == then.pid() && now.startTicks() == then.startTicks() && now.uniqueId() == then.uniqueId();
    }

    /** What the launcher has written down; empty before it holds the lock. */
    private Optional<LockRecord> record(int launcher) {
        try (OpenLockFile file = lockFile.look().orElse(null)) {
            Optional<LockRecord> record = file == null ? Optional.empty() : file.record();
            return record.isPresent() && record.get().launcher().pid() == launcher ? record : Optional.empty();
        }
    }

    private int failed(StartedLauncher launcher, ExitStatus end, OutputTail tail) {
        int code = end.shellCode();
        if (code == 0 && settings.conflict().policy() == ConflictPolicy.SKIP && isHeld()) {
            return code;
        }
        int refusal = settings.conflict().exitCode().orElse(ExitCode.CONFLICT.number());
        InstanceComparison.Result running = code == refusal
                ? InstanceComparison.compare(lockFile, digest())
                : InstanceComparison.Result.NOT_RUNNING;
        if (running == InstanceComparison.Result.SAME) {
            return alreadyRunning();
        }
        if (!launcher.complaints().isEmpty()) {
            Console.line(launcher.complaints().stripTrailing());
        }
        if (running == InstanceComparison.Result.OTHER) {
            Console.line(
                    "  replace it "
                            + InstanceHint.command(
                                    "redeploy", settings.instance().name(), lockFile)
                            + " -- COMMAND      or start --replace: another version in its place, and this one back if that fails");
            return code;
        }
        Console.complain(StartedLauncher.notStarted(settings.instance().name(), end));
        String last = tail.text();
        if (!last.isEmpty()) {
            Console.line(last);
        }
        return code == 0 ? ExitCode.UNAVAILABLE.number() : code;
    }

    private boolean isHeld() {
        try (OpenLockFile file = lockFile.look().orElse(null)) {
            return file != null && file.isHeld();
        }
    }
}
