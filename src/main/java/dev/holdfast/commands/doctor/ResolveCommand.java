package dev.holdfast.commands.doctor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.commands.OtherCommands;
import dev.holdfast.config.CommandArguments;
import dev.holdfast.config.CommandOption;
import dev.holdfast.config.InstanceName;
import dev.holdfast.config.ResolveOption;
import dev.holdfast.config.SettingsException;
import dev.holdfast.console.Console;
import dev.holdfast.journal.Journal;
import dev.holdfast.json.jackson.Json;
import dev.holdfast.registry.InstanceEntry;
import dev.holdfast.registry.conflict.Conflict;
import dev.holdfast.settings.ConflictDetection;
import dev.holdfast.settings.LogLevel;
import dev.holdfast.text.Printable;
import java.util.ArrayList;
import java.util.List;

/** {@code holdfast resolve}: clears away what killed launchers have left; a plan, unless it is told to. */
public final class ResolveCommand implements OtherCommands.Command {
    @Override
    public int execute(List<String> words) {
        CommandArguments arguments = CommandArguments.withName(CommandOption.of("resolve"), words);
        String name = arguments.name();
        if (!name.isEmpty() && !InstanceName.isValid(name)) {
            throw new SettingsException(List.of("NAME " + InstanceName.RULE), false);
        }
        boolean isPlan = !arguments.has(ResolveOption.YES);
        Diagnosis diagnosis = Diagnosis.of(
                ConflictDetection.STRICT, RegistryPlace.of(arguments), DoctorCommand.lockFolder(arguments));
        Journal journal = new Journal(LogLevel.INFO, () -> entry -> Console.complain(entry.text()));
        journal.open();
        Cleanup cleanup = new Cleanup(diagnosis, isPlan, arguments.has(ResolveOption.TERMINATE_ORPHANS), journal);
        cleanup.run(other -> name.isEmpty() || other.equals(name));
        List<String> actions = actions(cleanup, diagnosis);
        Console.result(
                arguments.has(ResolveOption.JSON)
                        ? Json.line(json(cleanup, actions, isPlan))
                        : text(cleanup, actions, isPlan));
        return !isPlan && !cleanup.left().isEmpty() ? 1 : 0;
    }

    static List<String> actions(Cleanup cleanup, Diagnosis diagnosis) {
        List<String> actions = new ArrayList<>();
        if (!cleanup.staleFiles().isEmpty()) {
            actions.add("Removed " + DiagnosisText.count(cleanup.staleFiles().size(), "stale instance file"));
        }
        if (!cleanup.lockFiles().isEmpty()) {
            actions.add("Removed " + DiagnosisText.count(cleanup.lockFiles().size(), "stale lock file"));
        }
        for (String server : cleanup.ended()) {
            actions.add("Terminated the orphaned server of " + server);
        }
        long corrupt = diagnosis.entries().stream()
                .filter(entry -> entry instanceof InstanceEntry.Corrupt file
                        && !file.movedTo().isEmpty())
                .count();
        if (corrupt > 0) {
            actions.add("Moved " + DiagnosisText.count(corrupt, "corrupt instance file") + " aside");
        }
        boolean isValid = diagnosis.conflicts().stream()
                .noneMatch(conflict -> conflict.type() == Conflict.Type.CONFIGURATION_MISMATCH);
        if (isValid && diagnosis.active() > 0) {
            actions.add("Validated current instance configuration");
        }
        return actions;
    }

    private static String text(Cleanup cleanup, List<String> actions, boolean isPlan) {
        List<String> lines = new ArrayList<>();
        String remove = isPlan ? "would remove  " : "removed  ";
        cleanup.staleFiles().forEach(path -> lines.add(remove + path));
        cleanup.lockFiles().forEach(path -> lines.add(remove + path));
        cleanup.ended()
                .forEach(server ->
                        lines.add((isPlan ? "would end     the server of " : "ended    the server of ") + server));
        cleanup.left().forEach(what -> lines.add("stays    " + what));
        if (lines.isEmpty()) {
            return "nothing to clean up";
        }
        if (isPlan && !actions.isEmpty()) {
            lines.add("nothing was done; --yes does it");
        }
        return String.join("\n", lines.stream().map(Printable::line).toList());
    }

    static ObjectNode json(Cleanup cleanup, List<String> actions, boolean isPlan) {
        ObjectNode node = Json.object();
        ObjectNode results = node.putObject("cleanup_results");
        results.put("stale_instances_removed", isPlan ? 0 : cleanup.staleFiles().size());
        List<String> files = new ArrayList<>(cleanup.staleFiles());
        files.addAll(cleanup.lockFiles());
        add(results.putArray("files_cleaned"), isPlan ? List.of() : files);
        results.put("orphans_terminated", isPlan ? 0 : cleanup.ended().size());
        add(node.putArray("actions_taken"), isPlan ? List.of() : actions);
        if (isPlan) {
            ObjectNode plan = node.putObject("plan");
            add(plan.putArray("files"), files);
            add(plan.putArray("orphans"), cleanup.ended());
        }
        add(node.putArray("left"), cleanup.left());
        return node;
    }

    private static void add(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }
}
