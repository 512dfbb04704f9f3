package dev.holdfast.commands.session;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.command.Environment;
import dev.holdfast.config.CommandArguments;
import dev.holdfast.config.SessionOption;
import dev.holdfast.console.Console;
import dev.holdfast.console.ExitCode;
import dev.holdfast.json.jackson.Json;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionChoice;
import dev.holdfast.session.SessionException;
import dev.holdfast.session.SessionHold;
import dev.holdfast.session.SessionRecord;
import dev.holdfast.session.SessionState;
import dev.holdfast.session.SessionsFolder;
import dev.holdfast.session.template.PortReservations;
import dev.holdfast.session.template.Templates;
import dev.holdfast.text.Printable;
import dev.holdfast.text.RawText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code holdfast session init}: makes the session's folders and its configuration, and says which session it is. */
final class SessionInit {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final SessionsFolder folder;
    private final SessionChoice choice;
    private final CommandArguments arguments;

    SessionInit(SessionsFolder folder, SessionChoice choice, CommandArguments arguments) {
        this.folder = folder;
        this.choice = choice;
        this.arguments = arguments;
    }

    int execute() throws InterruptedException {
        List<String> files = arguments.words().subList(1, arguments.words().size());
        if (files.isEmpty() == arguments.has(SessionOption.TEMPLATE)) {
            throw SessionCommandLine.problem(
                    files.isEmpty()
                            ? "--template needs files; as in: holdfast session init --template FILE..."
                            : "unexpected word " + Printable.text(files.get(0))
                                    + "; templates stand behind --template");
        }
        Session session = folder.session(choice.id());
        PortReservations ports = new PortReservations(folder, session);
        SessionHold hold = enter(folder, session, choice);
        List<Path> made;
        try {
            made = Templates.fill(
                    files.stream().map(Path::of).toList(), environment(session), Path.of(session.configs()), ports);
            session.note("init");
        } finally {
            hold.close();
        }
        Console.result(
                arguments.has(SessionOption.JSON)
                        ? json(session, made, ports.reserved())
                        : text(session, made, ports.reserved()));
        return ExitCode.OK.number();
    }

    /** What its servers will have, too. */
    private static Map<String, String> environment(Session session) {
        Environment own = Environment.ofThisProcess()
                .with(Map.of(
                        SessionOption.ID_VARIABLE,
                        session.id(),
                        SessionServerStart.CONFIGS_VARIABLE,
                        session.configs()));
        Map<String, String> variables = new HashMap<>();
        own.names().forEach(name -> variables.put(name, RawText.of(own.bytes(name))));
        return variables;
    }

    /**
     * Begins a session where it has not begun, and keeps it from being removed.
     *
     * @return to be closed
     * @throws SessionException if it has ended, or cannot be begun
     */
    static SessionHold enter(SessionsFolder folder, Session session, SessionChoice choice) throws InterruptedException {
        folder.make();
        SessionHold hold = session.enter(choice, PATIENCE);
        if (session.state() == SessionState.DEAD) {
            hold.close();
            throw new SessionException(
                    SessionException.Reason.OVER,
                    "session " + session.id() + " is over: " + leader(session)
                            + " has ended; holdfast session cleanup removes it, and --session ID begins another one");
        }
        return hold;
    }

    /** Who leads a session, in words. */
    static String leader(Session session) {
        return session.record()
                .flatMap(record -> record.leader()
                        .map(process -> (record.leaderName().isEmpty() ? "" : Printable.line(record.leaderName()) + " ")
                                + "(pid " + process.pid() + ")"))
                .orElse("nobody");
    }

    private String text(Session session, List<Path> made, Map<String, Integer> ports) {
        StringBuilder text = new StringBuilder("session " + session.id());
        if (session.record().flatMap(SessionRecord::leader).isPresent()) {
            text.append(", until ").append(leader(session)).append(" ends");
        }
        if (folder.isInstead()) {
            text.append("\n  note     ")
                    .append(SessionsFolder.STANDARD)
                    .append(" was another user's, so this user's sessions are in ")
                    .append(folder.path());
        }
        text.append("\n  pids     ").append(Printable.line(session.pids()));
        text.append("\n  configs  ").append(Printable.line(session.configs()));
        text.append("\n  logs     ").append(Printable.line(session.logs()));
        made.forEach(file -> text.append("\n  made     ").append(Printable.line(file.toString())));
        ports.forEach((name, port) ->
                text.append("\n  port     ").append(name).append(' ').append(port));
        return text.toString();
    }

    private String json(Session session, List<Path> made, Map<String, Integer> ports) {
        ObjectNode node = Json.object();
        node.put("session", session.id());
        session.record().flatMap(SessionRecord::leader).ifPresent(leader -> node.put("leader_pid", leader.pid()));
        node.put("sessions_dir", folder.path());
        node.put("pids", session.pids());
        node.put("configs", session.configs());
        node.put("logs", session.logs());
        ArrayNode files = node.putArray("made");
        made.forEach(file -> files.add(file.toString()));
        ObjectNode numbers = node.putObject("ports");
        ports.forEach(numbers::put);
        return Json.line(node);
    }
}
