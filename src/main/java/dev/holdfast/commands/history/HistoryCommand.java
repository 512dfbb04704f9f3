package dev.holdfast.commands.history;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.command.Environment;
import dev.holdfast.commands.OtherCommands;
import dev.holdfast.config.CommandArguments;
import dev.holdfast.config.CommandOption;
import dev.holdfast.config.HistoryOption;
import dev.holdfast.config.HistoryPlace;
import dev.holdfast.config.InstanceName;
import dev.holdfast.config.SettingsException;
import dev.holdfast.console.Console;
import dev.holdfast.console.ExitCode;
import dev.holdfast.history.HistoryEntry;
import dev.holdfast.history.HistoryReader;
import dev.holdfast.json.jackson.Json;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.text.Printable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** {@code holdfast history}: what has happened, the oldest first. */
public final class HistoryCommand implements OtherCommands.Command {
    private static final long STANDARD_LINES = 50;

    @Override
    public int execute(List<String> words) {
        CommandArguments arguments = CommandArguments.withName(CommandOption.of("history"), words);
        List<String> problems = new ArrayList<>();
        String name = arguments.name();
        if (!name.isEmpty() && !InstanceName.isValid(name)) {
            problems.add("NAME " + InstanceName.RULE);
        }
        long lines = lines(arguments, problems);
        Optional<String> path =
                HistoryPlace.path(Environment.ofThisProcess()::value, Self.workingDirectory(), Self.effectiveUser());
        if (path.isEmpty()) {
            problems.add("there is no home folder; say where the history is by HOLDFAST_HOME");
        }
        if (!problems.isEmpty()) {
            throw new SettingsException(problems, false);
        }
        List<HistoryEntry> entries = last(
                lines,
                path.orElseThrow(),
                entry -> name.isEmpty() || entry.name().equals(name));
        if (arguments.has(HistoryOption.JSON)) {
            Console.result(json(entries));
        } else if (entries.isEmpty()) {
            Console.complain("nothing is known" + (name.isEmpty() ? "" : " of \"" + name + "\"") + " in "
                    + Printable.line(path.get()));
        } else {
            Console.result(new HistoryText(entries).toString());
        }
        return ExitCode.OK.number();
    }

    /** By time: a start after which nobody was left to write is written late. */
    private static List<HistoryEntry> last(long most, String path, Predicate<HistoryEntry> wanted) {
        List<HistoryEntry> starts = RunningAfterExec.starts();
        List<HistoryEntry> entries = new ArrayList<>(new HistoryReader(path).last(most, wanted));
        starts.stream().filter(wanted).forEach(entries::add);
        entries.sort(Comparator.comparing(HistoryEntry::time));
        return entries.subList((int) Math.max(0, entries.size() - most), entries.size());
    }

    private static long lines(CommandArguments arguments, List<String> problems) {
        String typed = arguments.value(HistoryOption.LINES);
        if (!arguments.has(HistoryOption.LINES)) {
            return STANDARD_LINES;
        }
        if (typed.equals("all")) {
            return Long.MAX_VALUE;
        }
        if (!typed.matches("[0-9]{1,12}")) {
            problems.add("--lines \"" + Printable.text(typed) + "\" must be a number, or all");
            return 0;
        }
        return Long.parseLong(typed);
    }

    private static String json(List<HistoryEntry> entries) {
        ArrayNode array = Json.array();
        for (HistoryEntry entry : entries) {
            ObjectNode node = array.addObject();
            HistoryKeys.put(node, entry);
        }
        return Json.line(array);
    }
}
