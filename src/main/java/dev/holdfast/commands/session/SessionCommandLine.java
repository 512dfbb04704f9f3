package dev.holdfast.commands.session;

import dev.holdfast.command.Environment;
import dev.holdfast.commands.OtherCommands;
import dev.holdfast.commands.OtherCommands.SessionCommands;
import dev.holdfast.config.CommandArguments;
import dev.holdfast.config.LockPlace;
import dev.holdfast.config.SessionOption;
import dev.holdfast.config.SettingsException;
import dev.holdfast.config.Suggestions;
import dev.holdfast.console.Console;
import dev.holdfast.console.ExitCode;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionChoice;
import dev.holdfast.session.SessionException;
import dev.holdfast.session.SessionServer;
import dev.holdfast.session.SessionsFolder;
import dev.holdfast.session.template.TemplateException;
import dev.holdfast.text.Printable;
import dev.holdfast.text.RawText;
import java.util.List;

/** {@code holdfast session}: reads what was typed, and has it done. */
public final class SessionCommandLine implements OtherCommands.SessionCommand {
    /** The words that may follow the command. */
    public static final List<String> ACTIONS =
            List.of("init", "status", "list", "start", "stop", "logs", "cleanup", "hook");

    /**
     * The names that may follow these words, for a shell that completes a line. Makes nothing; a folder that cannot be used has none.
     *
     * @param words what was typed after the command
     */
    public static List<String> names(List<String> words) {
        String action = words.isEmpty() ? "" : words.get(0);
        if (action.equals("hook")) {
            return ShellHook.SHELLS;
        }
        if (!action.equals("stop") && !action.equals("logs")) {
            return List.of();
        }
        CommandArguments arguments = CommandArguments.withWords(SessionOption.of(action), words);
        try {
            SessionsFolder folder = folder(arguments);
            folder.check();
            return folder.session(choice(arguments).id()).servers().stream()
                    .map(SessionServer::name)
                    .toList();
        } catch (SessionException e) {
            return List.of(); // it will be told when the line is typed
        }
    }

    @Override
    public int execute(List<String> words, SessionCommands commands) {
        int end = words.contains("--") ? words.indexOf("--") : words.size();
        if (words.subList(0, end).stream().anyMatch(word -> word.equals("--help") || word.equals("-h"))) {
            return OtherCommands.commandLine().execute(List.of("help", "session"), unused -> ExitCode.OK.number());
        }
        String action = words.isEmpty() ? "" : words.get(0);
        if (!ACTIONS.contains(action)) {
            throw problem((action.isEmpty() || action.startsWith("-")
                            ? "say first what to do"
                            : "there is no action " + Printable.text(action))
                    + nearest(action));
        }
        CommandArguments arguments = CommandArguments.withWords(SessionOption.of(action), words);
        try {
            return execute(action, arguments, words, commands);
        } catch (SessionException e) {
            Console.complain(Printable.line(String.valueOf(e.getMessage())));
            return exitCode(e).number();
        } catch (TemplateException e) {
            e.problems().forEach(Console::complain);
            return e.exitCode().number();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e); // nobody interrupts the program's only thread
        }
    }

    private static int execute(String action, CommandArguments arguments, List<String> words, SessionCommands commands)
            throws InterruptedException {
        if (action.equals("hook")) {
            return ShellHook.print(arguments, folder(arguments));
        }
        SessionsFolder folder = folder(arguments);
        folder.check();
        if (action.equals("cleanup")) {
            requireWords(arguments, 1, 1);
            return new SessionCleanup(folder, arguments).execute();
        }
        if (action.equals("list")) {
            requireWords(arguments, 1, 1);
            return SessionList.print(folder, arguments.has(SessionOption.JSON));
        }
        SessionChoice choice = choice(arguments);
        Session session = folder.session(choice.id());
        return switch (action) {
            case "init" -> new SessionInit(folder, choice, arguments).execute();
            case "status" -> {
                requireWords(arguments, 1, 1);
                yield SessionStatus.print(session, arguments.has(SessionOption.JSON));
            }
            case "start" -> new SessionServerStart(folder, choice, arguments, words).execute(commands);
            case "stop" -> new SessionServerStop(session, arguments).execute(commands);
            default -> logs(session, arguments, commands);
        };
    }

    private static ExitCode exitCode(SessionException failure) {
        return switch (failure.reason()) {
            case UNSAFE -> ExitCode.UNSAFE;
            case NOT_MADE -> ExitCode.CANNOT_CREATE;
            case UNKNOWN -> ExitCode.UNREADABLE;
            case OVER -> ExitCode.CONFLICT;
        };
    }

    /** Of one server; without a name, of what was done with the session. */
    private static int logs(Session session, CommandArguments arguments, SessionCommands commands) {
        requireWords(arguments, 1, 2);
        require(session);
        String name = arguments.words().size() > 1 ? arguments.words().get(1) : "";
        return commands.logs(LogWords.of(session, name, arguments));
    }

    /**
     * That it is there.
     *
     * @throws SessionException if it is not
     */
    static void require(Session session) {
        if (!session.isThere()) {
            throw new SessionException(
                    SessionException.Reason.UNKNOWN,
                    "there is no session " + session.id() + " in \"" + session.pids()
                            + "\"; holdfast session init begins one, and holdfast session list shows all");
        }
    }

    static void requireWords(CommandArguments arguments, int fewest, int most) {
        int count = arguments.words().size();
        if (count < fewest || count > most) {
            throw problem(
                    count > most
                            ? "unexpected word "
                                    + Printable.text(arguments.words().get(most))
                            : "say which server; as in: holdfast session " + arguments.name() + " NAME");
        }
    }

    static SettingsException problem(String text) {
        return new SettingsException(List.of(text), false);
    }

    private static String nearest(String typed) {
        String nearest = typed.isEmpty() ? "" : Suggestions.nearest(typed, ACTIONS);
        return nearest.isEmpty() ? ": " + String.join(", ", ACTIONS) : "; did you mean " + nearest + "?";
    }

    private static SessionsFolder folder(CommandArguments arguments) {
        String said = arguments.has(SessionOption.SESSIONS_DIR)
                ? arguments.value(SessionOption.SESSIONS_DIR)
                : Environment.ofThisProcess().value(SessionOption.FOLDER_VARIABLE);
        if (said.isEmpty()) {
            return SessionsFolder.of("");
        }
        String path = LockPlace.absolute(said, Self.workingDirectory());
        while (path.length() > 1 && path.endsWith("/")) {
            path = path.substring(0, path.length() - 1);
        }
        if (!RawText.isUtf8(path)) {
            throw problem("the folder of sessions \"" + Printable.line(path) + "\" must be UTF-8");
        }
        return SessionsFolder.of(path);
    }

    private static SessionChoice choice(CommandArguments arguments) {
        boolean isTyped = arguments.has(SessionOption.SESSION);
        String id = isTyped
                ? arguments.value(SessionOption.SESSION)
                : Environment.ofThisProcess().value(SessionOption.ID_VARIABLE);
        if (id.isEmpty() && !isTyped) {
            return SessionChoice.ofThisProcess();
        }
        if (!SessionChoice.isValid(id)) {
            throw new SettingsException(
                    List.of((isTyped ? "--session" : SessionOption.ID_VARIABLE) + " \"" + Printable.text(id) + "\" "
                            + SessionChoice.RULE),
                    !isTyped);
        }
        return SessionChoice.named(id);
    }
}
