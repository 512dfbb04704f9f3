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
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** {@code holdfast history}: what has happened, the oldest first. */
public final class HistoryCommand implements OtherCommands.Command {
    private static final long STANDARD_LINES = 50;
    private static final int JSON_AT_ONCE = 1000;

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
        HistoryReader reader = new HistoryReader(path.orElseThrow());
        List<HistoryEntry> entries =
                last(lines, reader, entry -> name.isEmpty() || entry.name().equals(name));
        if (arguments.has(HistoryOption.JSON)) {
            printJson(entries);
        } else if (entries.isEmpty() && lines > 0 && reader.obstacles().isEmpty()) {
            Console.complain("nothing is known" + (name.isEmpty() ? "" : " of \"" + name + "\"") + " in "
                    + Printable.line(path.get()));
        } else if (!entries.isEmpty()) {
            Console.result(new HistoryText(entries).toString());
        }
        for (String obstacle : reader.obstacles()) {
            Console.complain("cannot read " + Printable.line(obstacle));
        }
        return reader.obstacles().isEmpty() ? ExitCode.OK.number() : ExitCode.UNREADABLE.number();
    }

    private static List<HistoryEntry> last(long most, HistoryReader reader, Predicate<HistoryEntry> wanted) {
        List<HistoryEntry> late = new ArrayList<>(RunningAfterExec.starts()); // the others have a line by now
        List<HistoryEntry> entries = new ArrayList<>();
        for (HistoryEntry entry : reader.last(most, wanted)) {
            if (RunningAfterExec.isStart(entry)) {
                late.add(entry);
            } else {
                entries.add(entry);
            }
        }
        late.stream().filter(wanted).forEach(start -> entries.add(placeOf(start, entries), start));
        return entries.subList((int) Math.max(0, entries.size() - most), entries.size());
    }

    /** By its time, since it was written late; the others stay as they came, also when the clock was set back. */
    private static int placeOf(HistoryEntry start, List<HistoryEntry> entries) {
        int place = entries.size();
        while (place > 0 && entries.get(place - 1).time().compareTo(start.time()) > 0) {
            place--;
        }
        return place;
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

    /** One array; on one line, unless it is long: the whole of a full history as a text would fill the heap. */
    private static void printJson(List<HistoryEntry> entries) {
        int from = 0;
        do {
            int to = Math.min(entries.size(), from + JSON_AT_ONCE);
            ArrayNode array = Json.array();
            for (HistoryEntry entry : entries.subList(from, to)) {
                ObjectNode node = array.addObject();
                HistoryKeys.put(node, entry);
            }
            String line = Json.line(array);
            String inside = line.substring(1, line.length() - 1);
            Console.result((from == 0 ? "[" : "") + inside + (to == entries.size() ? "]" : ","));
            from = to;
        } while (from < entries.size());
    }
}
