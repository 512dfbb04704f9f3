package dev.holdfast.commands.explain;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.command.Environment;
import dev.holdfast.commands.OtherCommands;
import dev.holdfast.config.CommandArguments;
import dev.holdfast.config.CommandOption;
import dev.holdfast.config.ConfigOption;
import dev.holdfast.config.InstanceName;
import dev.holdfast.config.InstancesPlace;
import dev.holdfast.config.LockPlace;
import dev.holdfast.config.RunArguments;
import dev.holdfast.config.RunOption;
import dev.holdfast.config.SettingsException;
import dev.holdfast.config.SettingsReader;
import dev.holdfast.console.Console;
import dev.holdfast.console.ExitCode;
import dev.holdfast.instance.Inspection;
import dev.holdfast.json.jackson.Json;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.registry.InstanceEntry;
import dev.holdfast.registry.InstancesFolder;
import dev.holdfast.registry.RegistryException;
import dev.holdfast.settings.LockScope;
import dev.holdfast.text.Printable;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * {@code holdfast config}: the settings of an instance that runs, and where each comes from; or, of one that does not run
 * and without a name, what is configured for its next start.
 */
public final class ConfigCommand implements OtherCommands.Command {
    /** Stands for whatever is started, where no instance is meant: no table of a file is likely to have this name. */
    private static final String ANY = "any-instance";

    @Override
    public int execute(List<String> words) {
        CommandArguments arguments = CommandArguments.withName(CommandOption.of("config"), words);
        String name = arguments.name();
        if (!name.isEmpty() && !InstanceName.isValid(name)) {
            throw new SettingsException(List.of("NAME " + InstanceName.RULE), false);
        }
        if (name.isEmpty()) {
            print(arguments, "", new LauncherSettings(configured(arguments, ANY), List.of()));
            return ExitCode.OK.number();
        }
        Inspection inspection = Inspection.of(lockFile(arguments, name));
        switch (inspection.verdict()) {
            case RUNNING -> print(arguments, instanceId(inspection), LauncherSettings.of(inspection));
            case NOT_RUNNING, STALE ->
                print(
                        arguments,
                        "",
                        new LauncherSettings(
                                configured(arguments, name),
                                List.of("it does not run: this is what its next start would find")));
            case ANSWERING, ORPHANED, DETACHED, UNVERIFIABLE -> {
                Console.complain("the settings of \"" + name + "\" cannot be had: its launcher is "
                        + (inspection.verdict() == Inspection.Verdict.ANSWERING
                                ? "in another pid namespace; ask there"
                                : "not to be found"));
                return ExitCode.UNKNOWN.number();
            }
        }
        return ExitCode.OK.number();
    }

    private static String instanceId(Inspection inspection) {
        return inspection.record().orElseThrow().instanceId();
    }

    /** As a start without flags would. */
    private static List<ExplainedSetting> configured(CommandArguments arguments, String name) {
        Map<RunOption, String> said = new EnumMap<>(RunOption.class);
        said.putAll(arguments.ofRun());
        said.put(RunOption.NAME, name);
        SettingsReader reader = new SettingsReader(new RunArguments(said, 0), Environment.ofThisProcess()::value);
        List<ExplainedSetting> rows =
                ExplainedSetting.all(reader, reader.read(List.of(ANY), Self.workingDirectory(), Self.effectiveUser()));
        return rows.stream()
                .filter(row -> !name.equals(ANY)
                        || !(row.key().equals(RunOption.NAME.key())
                                || (row.key().equals(RunOption.LOCK_FILE.key())
                                        && row.source().equals("default"))))
                .toList();
    }

    /** Where it is looked for by the other commands, too. */
    private static LockFile lockFile(CommandArguments arguments, String name) {
        LockPlace place = LockPlace.of(
                new RunArguments(arguments.ofRun(), 0),
                Environment.ofThisProcess()::value,
                name,
                Self.workingDirectory(),
                Self.effectiveUser());
        if (place.file().isPresent()) {
            return LockFile.at(LockPlace.absolute(place.file().get(), Self.workingDirectory()));
        }
        String folder = LockPlace.absolute(place.folder(), Self.workingDirectory());
        LockFile machine = new LockFile(folder, LockPlace.fileName(name, LockScope.MACHINE, 0));
        LockFile user = new LockFile(folder, LockPlace.fileName(name, LockScope.USER, Self.effectiveUser()));
        boolean isUsers = place.scope().isPresent()
                ? place.scope().get() == LockScope.USER
                : !machine.isNamed() && user.isNamed();
        return isUsers ? user : machine;
    }

    private static void print(CommandArguments arguments, String instanceId, LauncherSettings settings) {
        if (arguments.has(ConfigOption.JSON)) {
            Console.result(json(arguments.name(), instanceId, settings));
            return;
        }
        StringBuilder text = new StringBuilder();
        for (ExplainedSetting row : settings.rows()) {
            text.append(line(row.key(), row.value(), row.source()));
        }
        hash(instanceId, settings).ifPresent(hash -> text.append(line("configuration-hash", hash, "registry")));
        Console.result(text.toString().stripTrailing());
        settings.notes().forEach(Console::complain);
    }

    private static String line(String key, String value, String source) {
        return String.format(Locale.ROOT, "%-20s %-24s %s%n", key, Printable.line(value), source);
    }

    /** As the instance has registered it. Empty when it has not, or its file cannot be read: a hash is only for comparing. */
    private static Optional<String> hash(String instanceId, LauncherSettings settings) {
        Optional<String> folder = registry(settings);
        if (instanceId.isEmpty() || folder.isEmpty()) {
            return Optional.empty();
        }
        try (InstancesFolder open = InstancesFolder.open(folder.get())) {
            return open.find(instanceId)
                    .map(entry -> entry instanceof InstanceEntry.Known known
                            ? known.record().configuration().hash()
                            : "")
                    .filter(hash -> !hash.isEmpty());
        } catch (RegistryException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> registry(LauncherSettings settings) {
        for (ExplainedSetting row : settings.rows()) {
            if (row.key().equals(RunOption.TRACKING_DIR.key()) && row.value().startsWith("/")) {
                return Optional.of(row.value());
            }
        }
        return InstancesPlace.of(Environment.ofThisProcess(), Self.workingDirectory(), Self.effectiveUser())
                .map(InstancesPlace::instances);
    }

    private static String json(String name, String instanceId, LauncherSettings settings) {
        ObjectNode node = Json.object();
        if (!name.isEmpty()) {
            node.put("name", name).put("running", !instanceId.isEmpty());
        }
        if (!instanceId.isEmpty()) {
            node.put("instanceId", instanceId);
        }
        hash(instanceId, settings).ifPresent(hash -> node.put("configHash", hash));
        ArrayNode rows = node.putArray("settings");
        for (ExplainedSetting row : settings.rows()) {
            rows.addObject().put("key", row.key()).put("value", row.value()).put("source", row.source());
        }
        settings.notes().forEach(node.putArray("notes")::add);
        return Json.line(node);
    }
}
