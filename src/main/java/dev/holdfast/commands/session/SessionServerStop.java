package dev.holdfast.commands.session;

import dev.holdfast.commands.OtherCommands.SessionCommands;
import dev.holdfast.config.CommandArguments;
import dev.holdfast.config.InstanceArguments;
import dev.holdfast.config.RunOption;
import dev.holdfast.config.SessionOption;
import dev.holdfast.console.Console;
import dev.holdfast.console.ExitCode;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionServer;
import dev.holdfast.text.Printable;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code holdfast session stop}: one server, or all. */
final class SessionServerStop {
    private final Session session;
    private final CommandArguments arguments;

    SessionServerStop(Session session, CommandArguments arguments) {
        this.session = session;
        this.arguments = arguments;
        boolean isAll = arguments.has(SessionOption.ALL);
        SessionCommandLine.requireWords(arguments, isAll ? 1 : 2, isAll ? 1 : 2);
    }

    int execute(SessionCommands commands) throws InterruptedException {
        SessionCommandLine.require(session);
        if (!arguments.has(SessionOption.ALL)) {
            return stopOne(arguments.words().get(1), commands);
        }
        int worst = ExitCode.OK.number();
        List<SessionServer> servers = session.servers();
        if (servers.isEmpty()) {
            Console.result("session " + session.id() + ": no servers");
        }
        for (SessionServer server : servers) {
            int code = stop(server, commands);
            worst = code == ExitCode.OK.number() ? worst : code;
        }
        return worst;
    }

    /** As stop does, it is content when there is nothing to stop. */
    private int stopOne(String name, SessionCommands commands) throws InterruptedException {
        if (!SessionServer.isValid(session.id(), name)) {
            throw SessionCommandLine.problem("NAME " + SessionServer.RULE);
        }
        Optional<SessionServer> server = session.server(name);
        if (server.isEmpty()) {
            Console.result(SessionServer.instance(session.id(), name) + ": not running" + known(session));
            return ExitCode.OK.number();
        }
        return stop(server.get(), commands);
    }

    private int stop(SessionServer server, SessionCommands commands) throws InterruptedException {
        if (!server.isKnown()) {
            Console.complain(Printable.line(
                    SessionServer.instance(session.id(), server.name()) + ": " + session.unreadable(server)));
            return ExitCode.UNREADABLE.number();
        }
        Map<RunOption, String> values = new EnumMap<>(RunOption.class);
        values.put(RunOption.LOCK_FILE, server.lockFile());
        if (arguments.has(RunOption.GRACE)) {
            values.put(RunOption.GRACE, arguments.value(RunOption.GRACE));
        }
        int code = commands.stop(
                new InstanceArguments("stop", SessionServer.instance(session.id(), server.name()), values, false));
        session.note("stop " + server.name() + ": " + (code == ExitCode.OK.number() ? "done" : "exit code " + code));
        if (code == ExitCode.OK.number()) {
            EndedServer.forget(session, server.name(), false);
        }
        return code;
    }

    /** Which servers there are, for a message. */
    static String known(Session session) {
        List<String> names = session.servers().stream().map(SessionServer::name).toList();
        return names.isEmpty() ? "" : "; the session has " + String.join(", ", names);
    }
}
