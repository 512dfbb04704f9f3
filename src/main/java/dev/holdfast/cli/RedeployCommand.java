package dev.holdfast.cli;

import dev.holdfast.command.CallersEnvironment;
import dev.holdfast.command.Environment;
import dev.holdfast.config.CommandArguments;
import dev.holdfast.config.InstanceArguments;
import dev.holdfast.config.RedeployOption;
import dev.holdfast.config.RunArguments;
import dev.holdfast.config.RunOption;
import dev.holdfast.config.RunSettings;
import dev.holdfast.config.SettingsException;
import dev.holdfast.config.SettingsReader;
import dev.holdfast.config.StartOption;
import dev.holdfast.control.RedeployOrder;
import dev.holdfast.instance.InstanceRedeploy;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.processes.Self;
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

/** {@code holdfast redeploy}: another command instead of the one that runs. */
final class RedeployCommand {
    private static final String EXAMPLE = "holdfast redeploy orders -- node dist/index.js";
    private static final int ROOT = 0;

    private final Words words;
    private final CommandArguments arguments;
    private final Map<RunOption, String> said;
    private final Environment environment = LaunchScript.environment();
    private final RunSettings settings;
    private final Target target;
    private final Map<String, String> options = new LinkedHashMap<>();

    RedeployCommand(Words words) {
        this.words = words;
        arguments = CommandArguments.withNameBeforeCommand(RedeployOption.all(), words.texts(), EXAMPLE);
        said = new EnumMap<>(RunOption.class);
        said.putAll(arguments.ofRun());
        List<String> problems = new ArrayList<>();
        checkName(problems);
        checkWhatStays(problems);
        if (!problems.isEmpty()) {
            throw new SettingsException(problems, false);
        }
        SettingsReader reader = new SettingsReader(new RunArguments(said, arguments.rest()), environment);
        settings = reader.read(
                words.texts().subList(arguments.rest(), words.size()), Self.workingDirectory(), Self.effectiveUser());
        target = target();
        addOwnOptions();
        checkEnvironment(problems);
        if (!problems.isEmpty()) {
            throw new SettingsException(problems, false);
        }
        RedeployedOptions.add(options, said.keySet(), settings);
    }

    private void checkName(List<String> problems) {
        String name = arguments.name();
        String other = said.getOrDefault(RunOption.NAME, name);
        if (!name.isEmpty() && !other.equals(name)) {
            problems.add("the name of an instance cannot be changed: stop \"" + Printable.text(name)
                    + "\", and start the new one");
        } else if (!name.isEmpty()) {
            said.put(RunOption.NAME, name);
        }
    }

    /** What belongs to the launcher, which goes on. */
    private void checkWhatStays(List<String> problems) {
        for (RunOption option : said.keySet()) {
            if (!RedeployOption.PLACE.contains(option) && !RedeployOption.CHANGEABLE.contains(option)) {
                problems.add(option.longFlag() + " cannot be changed by a redeploy, for it is the launcher's: stop the"
                        + " instance, and start it anew");
            }
        }
        if (arguments.has(RedeployOption.KEEP_ENV) && arguments.has(RedeployOption.OWN_ENV)) {
            problems.add("--keep-env and --own-env exclude each other");
        }
    }

    private Target target() {
        Map<RunOption, String> place = new EnumMap<>(RunOption.class);
        for (RunOption option : InstanceArguments.PLACE) {
            if (said.containsKey(option)) {
                place.put(option, said.getOrDefault(option, ""));
            }
        }
        // By its lock file alone, it is called as other commands call it, and not as the new command.
        boolean isByFile = place.containsKey(RunOption.LOCK_FILE) && !said.containsKey(RunOption.NAME);
        String name = isByFile ? "" : settings.instance().name();
        return Target.of(new InstanceArguments("redeploy", name, place, false))
                .orElseGet(() -> new Target(name, RunCommand.lockFile(settings)));
    }

    private void addOwnOptions() {
        if (arguments.has(RedeployOption.SETTLE)) {
            options.put(RedeployOrder.SETTLE, settleMillis(arguments.value(RedeployOption.SETTLE)));
        }
        if (arguments.has(RedeployOption.CHECK)) {
            options.put(RedeployOrder.CHECK, arguments.value(RedeployOption.CHECK));
        }
        if (arguments.has(RedeployOption.DRY_RUN)) {
            options.put(RedeployOrder.DRY_RUN, "");
        }
        if (arguments.has(RedeployOption.OVERLAP)) {
            options.put(RedeployOrder.OVERLAP, "");
        }
        if (arguments.has(RedeployOption.KEEP_ENV)) {
            options.put(RedeployOrder.KEEP_ENVIRONMENT, "");
        }
    }

    /** As the launcher wants it. */
    static String settleMillis(String typed) {
        Duration time = DurationText.parse(typed)
                .orElseThrow(() -> new SettingsException(
                        List.of("--settle \"" + Printable.text(typed)
                                + "\" must be a duration, such as 500ms, 5s or 2m"),
                        false));
        return Long.toString(time.toMillis());
    }

    private void checkEnvironment(List<String> problems) {
        boolean isSaid = arguments.has(RedeployOption.KEEP_ENV) || arguments.has(RedeployOption.OWN_ENV);
        String doubt = isSaid ? "" : doubtOfEnvironment(target);
        if (!doubt.isEmpty()) {
            problems.add(doubt);
        }
    }

    /**
     * What must be said of whose environment a new server gets; empty for nothing. Root's variables may tell another user
     * what only root should know, and name folders that it may not enter.
     */
    static String doubtOfEnvironment(Target target) {
        Optional<FileStatus> file = Self.effectiveUser() == ROOT
                ? FileStatus.ofName(target.lockFile().path())
                : Optional.empty();
        return file.isEmpty() || file.get().owner() == ROOT
                ? ""
                : "\"" + target.name() + "\" belongs to uid " + file.get().owner()
                        + ": say whether its new server gets the environment of the old one (--keep-env) or root's"
                        + " (--own-env)";
    }

    int execute() {
        byte[] order = order(words.bytesFrom(arguments.rest()), environment, options);
        InstanceRedeploy.Result result = InstanceRedeploy.redeploy(target.lockFile(), order);
        if (!(result instanceof InstanceRedeploy.Result.NotRunning)) {
            return new RedeployText("redeploy", target).tell(result);
        }
        if (arguments.has(RedeployOption.DRY_RUN)) {
            return new DryRun(target.name(), settings, environment, words.bytesFrom(arguments.rest()))
                    .tell(arguments.value(RedeployOption.CHECK));
        }
        return new StartCommand(Words.of(startWords())).execute();
    }

    /**
     * As it is sent.
     *
     * @throws SettingsException if it is too long for that
     */
    static byte[] order(List<byte[]> command, Environment environment, Map<String, String> options) {
        boolean keepsEnvironment = options.containsKey(RedeployOrder.KEEP_ENVIRONMENT);
        byte[] order = new RedeployOrder(
                        command,
                        keepsEnvironment
                                ? List.of()
                                : CallersEnvironment.forServer(environment).entries(),
                        Self.workingDirectory(),
                        options)
                .payload();
        if (order.length == 0) {
            throw new SettingsException(List.of("command and environment are longer than 4 MB together"), false);
        }
        return order;
    }

    /** What {@code start} would be told. */
    private List<byte[]> startWords() {
        List<String> flags = new ArrayList<>();
        for (Map.Entry<RunOption, String> option : said.entrySet()) {
            String flag = option.getKey().longFlag();
            flags.add(option.getKey().takesValue() ? flag + "=" + option.getValue() : flag);
        }
        if (!said.containsKey(RunOption.LOCK_FILE)) {
            flags.add(RunOption.LOCK_FILE.longFlag() + "=" + target.lockFile().path());
        }
        if (arguments.has(RedeployOption.SETTLE)) {
            flags.add(StartOption.SETTLE.longFlag() + "=" + arguments.value(RedeployOption.SETTLE));
        }
        flags.add("--");
        List<byte[]> all = new ArrayList<>();
        for (String flag : flags) {
            all.add(RawText.bytes(flag));
        }
        all.addAll(words.bytesFrom(arguments.rest()));
        return all;
    }
}
