package dev.holdfast.commands.explain;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.command.ResolvedCommand;
import dev.holdfast.config.RunSettings;
import dev.holdfast.config.SettingsReader;
import dev.holdfast.console.Console;
import dev.holdfast.console.ExitCode;
import dev.holdfast.guard.ParallelInstances;
import dev.holdfast.instance.Inspection;
import dev.holdfast.json.jackson.Json;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockFilePreview;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.settings.LogFormat;
import dev.holdfast.text.Printable;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code holdfast run --explain}: what a run would do, which promises are weaker on this system, and where each setting
 * comes from. Takes no lock, starts nothing and writes no file; so what only a try can tell, such as a lock file that was
 * removed under its holder, is not told.
 *
 * <p>Settings are shown; the server's arguments, the commands of hooks and the values of other variables are not.
 */
final class ExplainCommand {
    private final RunSettings settings;
    private final ResolvedCommand command;
    private final ExplainedPlan plan;
    private final WeakerPromises promises;
    private final List<ExplainedSetting> table;

    /**
     * Looks at everything.
     *
     * @param variables the names of those that are compared, where the server is shared
     * @throws dev.holdfast.error.HoldfastException as the run itself would, where the lock file cannot be used
     */
    ExplainCommand(
            RunSettings settings,
            LockFile lockFile,
            SettingsReader reader,
            ResolvedCommand command,
            List<String> variables) {
        boolean blocked = Signals.areBlocked();
        Signals.unblockAll(); // nothing is guarded here: a Ctrl-C ends it like any program
        if (!settings.needsNoFile()) {
            new LockFilePreview(lockFile).requireUsable();
        }
        new ParallelInstances(lockFile, settings.dataLock()).requireUsable();
        this.settings = settings;
        this.command = command;
        promises = new WeakerPromises(lockFile, blocked);
        plan = new ExplainedPlan(settings, lockFile, reader, command, Inspection.of(lockFile), variables);
        table = ExplainedSetting.all(reader, settings);
    }

    /** Prints it; the exit code. */
    int execute() {
        Console.result((settings.log().format() == LogFormat.JSON ? json() : text()).stripTrailing());
        System.out.flush();
        return ExitCode.OK.number();
    }

    private String text() {
        StringBuilder text =
                new StringBuilder("What this start of \"" + settings.instance().name() + "\" would do:\n");
        append(text, plan.facts());
        text.append("\nPromises on this system:\n");
        Map<String, String> weaker = promises.weaker();
        if (weaker.isEmpty()) {
            text.append("  all hold\n");
        }
        weaker.forEach((promise, why) -> text.append("  weaker: ")
                .append(promise)
                .append(": ")
                .append(why)
                .append('\n'));
        text.append("\nSettings (the instance's name chooses the table of the configuration file):\n");
        for (ExplainedSetting row : table) {
            text.append(String.format(
                    Locale.ROOT, "  %-20s %-24s %s%n", row.key(), Printable.line(row.value()), row.source()));
        }
        settings.warnings()
                .forEach(warning -> text.append("\nwarning: ").append(warning).append('\n'));
        return text.toString();
    }

    private static void append(StringBuilder text, Map<String, String> facts) {
        facts.forEach(
                (key, words) -> text.append(String.format(Locale.ROOT, "  %-13s %s%n", key, Printable.line(words))));
    }

    private String json() {
        ObjectNode root = Json.object();
        root.put("name", settings.instance().name());
        root.put("program", command.program());
        root.put("lockFile", settings.lockPath());
        root.put("verdict", plan.verdict());
        ObjectNode facts = root.putObject("plan");
        plan.facts().forEach(facts::put);
        ArrayNode weaker = root.putArray("weakerPromises");
        promises.weaker()
                .forEach((promise, why) ->
                        weaker.addObject().put("promise", promise).put("why", why));
        ArrayNode rows = root.putArray("settings");
        table.forEach(row ->
                rows.addObject().put("key", row.key()).put("value", row.value()).put("source", row.source()));
        ArrayNode warnings = root.putArray("warnings");
        settings.warnings().forEach(warnings::add);
        return Json.line(root);
    }
}
