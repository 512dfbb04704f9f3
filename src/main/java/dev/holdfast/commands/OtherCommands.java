package dev.holdfast.commands;

import dev.holdfast.classpath.SecondClassPath;
import dev.holdfast.command.ResolvedCommand;
import dev.holdfast.config.InstanceArguments;
import dev.holdfast.config.LockArguments;
import dev.holdfast.config.RunSettings;
import dev.holdfast.config.SettingsReader;
import dev.holdfast.instance.StatusReport;
import dev.holdfast.lock.file.LockFile;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/**
 * The commands that are not in a hurry, each loaded with its library when it is called. Those of them that are nothing
 * else, such as {@code help}, bin/holdfast starts with both class paths in one.
 */
public final class OtherCommands {
    private OtherCommands() {}

    /** Help, completion, and words that are not written plainly. */
    public interface CommandLine {
        /**
         * Executes a command line.
         *
         * @param arguments its words
         * @param instances executes the commands on instances, once their words are understood
         * @return the exit code
         */
        int execute(List<String> arguments, ToIntFunction<InstanceArguments> instances);
    }

    /** {@code run --explain}. */
    public interface Explanation {
        /**
         * Prints what a run would do.
         *
         * @param variables the names of those that are compared with other starts; empty where the server is not shared
         * @return the exit code
         * @throws dev.holdfast.error.HoldfastException as the run itself would, where the lock file cannot be used
         */
        int execute(
                RunSettings settings,
                LockFile lockFile,
                SettingsReader reader,
                ResolvedCommand command,
                List<String> variables);
    }

    /** {@code lock --probe}. */
    public interface Probe {
        /**
         * Tries the locks of a folder and prints what they are worth.
         *
         * @param said the options
         * @param words all that follows {@code lock}
         * @return the exit code
         */
        int execute(LockArguments said, List<String> words);
    }

    /** A command that reads its words itself, and looks at what there is. */
    public interface Command {
        /**
         * Does it, and prints what came of it.
         *
         * @param words all that follows the command
         * @return the exit code
         * @throws dev.holdfast.config.SettingsException if they cannot be understood
         */
        int execute(List<String> words);
    }

    /** {@code session}, which does some of its work by other commands. */
    public interface SessionCommand {
        /**
         * Does it, and prints what came of it.
         *
         * @param words all that follows the command
         * @param commands the commands that it stands on
         * @return the exit code
         * @throws dev.holdfast.config.SettingsException if the words cannot be understood
         */
        int execute(List<String> words, SessionCommands commands);
    }

    /** What {@code session} does by other commands. */
    public interface SessionCommands {
        /** As {@code holdfast start}; the exit code. */
        int start(SessionStart start);

        /** As {@code holdfast stop}; the exit code. */
        int stop(InstanceArguments arguments);

        /** As {@code holdfast logs}, with these words; the exit code. */
        int logs(List<String> words);
    }

    /**
     * A start in a session.
     *
     * @param options what {@code start} is told
     * @param shell what stands before the command's words: a shell that reads them, or nothing
     * @param commandIndex the first of the words behind {@code session} that are the command
     * @param commandLength how many words the command has at the most: behind a command line there may be options
     * @param variables what the server's environment has beside the caller's
     * @param pidFile where the launcher writes its pid, as long as it has the lock
     * @param located is told the path of the instance's lock, before anything is started
     */
    public record SessionStart(
            List<String> options,
            List<String> shell,
            int commandIndex,
            int commandLength,
            Map<String, String> variables,
            String pidFile,
            Consumer<String> located) {
        /** Copies what it is given. */
        public SessionStart {
            options = List.copyOf(options);
            shell = List.copyOf(shell);
            variables = Map.copyOf(variables);
        }
    }

    /** {@code status --json}. */
    public interface StatusFormat {
        /** One instance, as an object. */
        String of(StatusReport report);

        /** Several, as a list. */
        String of(List<StatusReport> reports);
    }

    /** Loads the command line as picocli reads it. */
    public static CommandLine commandLine() {
        return SecondClassPath.load(CommandLine.class, "dev.holdfast.commands.help.Commands");
    }

    /** Whether a word is one of the commands of {@link #command}. */
    public static boolean isOne(String word) {
        return !typeOf(word).isEmpty();
    }

    /** Loads a command that reads its words itself. */
    public static Command command(String word) {
        return SecondClassPath.load(Command.class, "dev.holdfast.commands." + typeOf(word));
    }

    private static String typeOf(String word) {
        return switch (word) {
            case "client" -> "client.ClientCommand";
            case "config" -> "explain.ConfigCommand";
            case "doctor" -> "doctor.DoctorCommand";
            case "ps" -> "instances.PsCommand";
            case "history" -> "history.HistoryCommand";
            case "resolve" -> "doctor.ResolveCommand";
            case "serve" -> "serve.ServeCommand";
            case "mcp" -> "mcp.McpCommand";
            default -> "";
        };
    }

    /** Loads {@code session}. */
    public static SessionCommand session() {
        return SecondClassPath.load(SessionCommand.class, "dev.holdfast.commands.session.SessionCommandLine");
    }

    /** Loads what explains a run. */
    public static Explanation explanation() {
        return SecondClassPath.load(Explanation.class, "dev.holdfast.commands.explain.RunExplanation");
    }

    /** Loads what probes a folder. */
    public static Probe probe() {
        return SecondClassPath.load(Probe.class, "dev.holdfast.commands.report.FolderProbe");
    }

    /** Loads what writes JSON. */
    public static StatusFormat statusJson() {
        return SecondClassPath.load(StatusFormat.class, "dev.holdfast.commands.report.StatusJson");
    }
}
