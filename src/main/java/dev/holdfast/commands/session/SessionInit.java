package dev.holdfast.commands.session;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.config.CommandArguments;
import dev.holdfast.config.SessionOption;
import dev.holdfast.console.Console;
import dev.holdfast.console.ExitCode;
import dev.holdfast.json.jackson.Json;
import dev.holdfast.lock.Hold;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionChoice;
import dev.holdfast.session.SessionException;
import dev.holdfast.session.SessionRecord;
import dev.holdfast.session.SessionState;
import dev.holdfast.session.SessionsFolder;
import dev.holdfast.text.Printable;
import java.time.Duration;
import java.util.List;

/** {@code holdfast session init}: makes the session's folders, and says which session it is. */
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
        Hold hold = enter(folder, session, choice);
        session.note("init");
        hold.close();
        Console.result(arguments.has(SessionOption.JSON) ? json(session) : text(session));
        return ExitCode.OK.number();
    }

    /**
     * Begins a session where it has not begun, and keeps it from being removed.
     *
     * @return to be closed
     * @throws SessionException if it has ended, or cannot be begun
     */
    static Hold enter(SessionsFolder folder, Session session, SessionChoice choice) throws InterruptedException {
        folder.make();
        Hold hold = session.enter(choice, PATIENCE);
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

    private String text(Session session) {
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
        return text.toString();
    }

    private String json(Session session) {
        ObjectNode node = Json.object();
        node.put("session", session.id());
        session.record().flatMap(SessionRecord::leader).ifPresent(leader -> node.put("leader_pid", leader.pid()));
        node.put("sessions_dir", folder.path());
        node.put("pids", session.pids());
        node.put("configs", session.configs());
        node.put("logs", session.logs());
        return Json.line(node);
    }
}
