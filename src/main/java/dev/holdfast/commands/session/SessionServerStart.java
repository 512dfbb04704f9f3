package dev.holdfast.commands.session;

import dev.holdfast.commands.OtherCommands.SessionCommands;
import dev.holdfast.commands.OtherCommands.SessionStart;
import dev.holdfast.config.CommandArguments;
import dev.holdfast.config.CommandOption;
import dev.holdfast.config.RunOption;
import dev.holdfast.config.SessionOption;
import dev.holdfast.config.SettingsException;
import dev.holdfast.config.StartOption;
import dev.holdfast.console.ExitCode;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionChoice;
import dev.holdfast.session.SessionHold;
import dev.holdfast.session.SessionServer;
import dev.holdfast.session.SessionsFolder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code holdfast session start}: {@code holdfast start} with the session's names and folders. */
final class SessionServerStart {
    /** Tells a server where its session's configuration is. */
    static final String CONFIGS_VARIABLE = "MCP_CONFIG_DIR";

    private static final String EXAMPLE = "holdfast session start NAME -- COMMAND, or NAME 'COMMAND LINE'";
    /** What the session says itself. */
    private static final List<RunOption> SESSIONS_OWN =
            List.of(RunOption.NAME, RunOption.SCOPE, RunOption.LOCK_FILE, RunOption.OUTPUT, RunOption.COORDINATION);
    /** Reads a command line that is one word. */
    private static final List<String> SHELL = List.of("/bin/sh", "-c");

    private final SessionsFolder folder;
    private final SessionChoice choice;
    private final CommandArguments arguments;
    private final boolean isLine;
    private final int commandIndex;
    private final Session session;
    private final String name;

    SessionServerStart(SessionsFolder folder, SessionChoice choice, CommandArguments arguments, List<String> words) {
        this.folder = folder;
        this.choice = choice;
        this.arguments = arguments;
        int count = arguments.words().size();
        boolean hasCommand = arguments.rest() < words.size();
        isLine = count == 3 && !hasCommand;
        if (!isLine && (count != 2 || !hasCommand)) {
            throw SessionCommandLine.problem("say which server and what it is; as in: " + EXAMPLE);
        }
        session = folder.session(choice.id());
        name = arguments.words().get(1);
        commandIndex = isLine ? words.lastIndexOf(arguments.words().get(2)) : arguments.rest();
        List<String> problems = new ArrayList<>();
        if (!SessionServer.isValid(choice.id(), name)) {
            problems.add("NAME " + SessionServer.RULE);
        }
        for (RunOption option : SESSIONS_OWN) {
            if (arguments.has(option)) {
                problems.add(option.longFlag() + " is for holdfast start; in a session, the session says it");
            }
        }
        SettingsException.throwIfAny(problems, false);
    }

    int execute(SessionCommands commands) throws InterruptedException {
        boolean isNew;
        int code;
        // Held until the server is up: a cleanup that comes meanwhile leaves the session alone.
        SessionHold hold = SessionInit.enter(folder, session, choice);
        try {
            isNew = session.server(name).isEmpty();
            code = commands.start(new SessionStart(
                    options(),
                    isLine ? SHELL : List.of(),
                    commandIndex,
                    isLine ? 1 : Integer.MAX_VALUE,
                    variables(),
                    session.pidFileOf(name),
                    path -> session.add(new SessionServer(name, path))));
            session.note("start " + name + ": " + (code == ExitCode.OK.number() ? "up" : "exit code " + code));
        } finally {
            hold.close();
        }
        if (code != ExitCode.OK.number()) {
            // One that did not start is none of the session's; one that was refused for another command still is.
            EndedServer.forget(session, name, isNew);
        }
        return code;
    }

    private List<String> options() {
        List<String> options = new ArrayList<>();
        options.add(RunOption.NAME.longFlag() + "=" + SessionServer.instance(session.id(), name));
        options.add(RunOption.OUTPUT.longFlag() + "=" + session.logOf(name));
        if (!arguments.has(StartOption.STDIN)) {
            // MCP servers end with their input, and nobody speaks to this one by it.
            options.add(StartOption.STDIN.longFlag() + "=hold");
        }
        for (Map.Entry<CommandOption, String> said : arguments.values().entrySet()) {
            CommandOption option = said.getKey();
            if (!(option instanceof SessionOption)) {
                options.add(option.takesValue() ? option.longFlag() + "=" + said.getValue() : option.longFlag());
            }
        }
        return options;
    }

    private Map<String, String> variables() {
        return Map.of(
                SessionOption.ID_VARIABLE,
                session.id(),
                CONFIGS_VARIABLE,
                session.configs(),
                "MCP_PID_FILE",
                session.pidFileOf(name),
                "MCP_LOG_FILE",
                session.logOf(name));
    }
}
