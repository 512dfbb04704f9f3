package dev.holdfast.commands.session;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.config.CommandArguments;
import dev.holdfast.config.SessionOption;
import dev.holdfast.console.Console;
import dev.holdfast.console.ExitCode;
import dev.holdfast.error.HoldfastException;
import dev.holdfast.instance.Inspection;
import dev.holdfast.instance.InstanceStop;
import dev.holdfast.instance.Outcome;
import dev.holdfast.journal.Journal;
import dev.holdfast.json.jackson.Json;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionException;
import dev.holdfast.session.SessionHold;
import dev.holdfast.session.SessionRecord;
import dev.holdfast.session.SessionServer;
import dev.holdfast.session.SessionState;
import dev.holdfast.session.SessionsFolder;
import dev.holdfast.settings.LogLevel;
import dev.holdfast.text.Printable;
import dev.holdfast.text.ShellWord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * {@code holdfast session cleanup}: ends the servers of sessions whose leader has ended, each as {@code stop} does, and
 * removes their folders. A session that was named, or whose leader cannot be seen from here, is left alone, unless it is the
 * one that was asked for.
 */
final class SessionCleanup {
    /** A stop waits for its server's grace, so that several go side by side. */
    private static final int AT_ONCE = 16;

    /** For a start that is under way in the session, and for another cleanup. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** Of the one that a closing shell leaves behind: nobody looks after it. */
    private static final Duration CLOSING_PATIENCE = Duration.ofMinutes(2);

    private final SessionsFolder folder;
    private final Optional<String> asked;
    private final int leader;
    private final boolean isPlan;
    private final boolean isJson;
    private final Journal journal = new Journal(LogLevel.INFO, () -> entry -> Console.complain(entry.text()));
    private final List<String> ended = new ArrayList<>();
    private final List<String> removed = new ArrayList<>();
    private final List<String> left = new ArrayList<>();

    SessionCleanup(SessionsFolder folder, CommandArguments arguments) {
        this.folder = folder;
        asked = arguments.has(SessionOption.SESSION)
                ? Optional.of(arguments.value(SessionOption.SESSION))
                : Optional.empty();
        leader = leader(arguments);
        isPlan = arguments.has(SessionOption.DRY_RUN);
        isJson = arguments.has(SessionOption.JSON);
    }

    private static int leader(CommandArguments arguments) {
        if (!arguments.has(SessionOption.LEADER)) {
            return 0;
        }
        String typed = arguments.value(SessionOption.LEADER);
        if (!typed.matches("[1-9][0-9]{0,9}")) {
            throw SessionCommandLine.problem("--leader \"" + Printable.text(typed) + "\" must be a process id");
        }
        return (int) Math.min(Integer.MAX_VALUE, Long.parseLong(typed));
    }

    int execute() throws InterruptedException {
        journal.open();
        List<Session> sessions = new ArrayList<>();
        for (Session session : folder.sessions()) {
            if (isMeant(session)) {
                sessions.add(session);
            }
        }
        if (asked.isPresent() && sessions.isEmpty()) {
            throw new SessionException(
                    SessionException.Reason.UNKNOWN,
                    "there is no session " + Printable.text(asked.get()) + " in \"" + folder.path() + "\"");
        }
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            for (Session session : sessions) {
                clear(session, threads);
            }
        } finally {
            threads.shutdown();
        }
        Console.result(isJson ? json() : text());
        return left.isEmpty() ? ExitCode.OK.number() : ExitCode.DEAD.number();
    }

    private boolean isMeant(Session session) {
        if (asked.isPresent()) {
            return session.id().equals(asked.get());
        }
        SessionState state = session.state();
        boolean isClosing = leader > 0
                && state == SessionState.LIVE
                && session.record()
                        .flatMap(SessionRecord::leader)
                        .filter(process -> process.pid() == leader)
                        .isPresent();
        return isClosing || state == SessionState.DEAD || (state == SessionState.UNKNOWN && session.isEmpty());
    }

    /** What keeps one session from being removed hinders none of the others. */
    private void clear(Session session, ExecutorService threads) throws InterruptedException {
        try {
            if (isPlan) {
                plan(session);
            } else {
                end(session, threads);
            }
        } catch (HoldfastException e) {
            left.add("session " + session.id() + ": " + e.getMessage());
        }
    }

    private void plan(Session session) {
        boolean isClear = true;
        for (SessionServer server : session.servers()) {
            if (!server.isKnown()) {
                isClear = false;
                left.add(SessionServer.instance(session.id(), server.name()) + ": " + session.unreadable(server));
            } else if (!isGone(server)) {
                ended.add(SessionServer.instance(session.id(), server.name()));
            }
        }
        if (isClear) {
            removed.add(session.id());
        }
    }

    private void end(Session session, ExecutorService threads) throws InterruptedException {
        Duration patience = leader > 0 ? CLOSING_PATIENCE : PATIENCE;
        try (SessionHold alone = session.lockAlone(patience).orElse(null)) {
            if (alone == null) {
                if (session.isThere()) {
                    left.add("session " + session.id() + ": another command is at work on it; try again");
                }
                return;
            }
            // Anew, now that nobody begins anything in it.
            if (asked.isEmpty() && !isMeant(session)) {
                return;
            }
            if (!endServers(session, threads) || !alone.isHeld()) {
                session.note("cleanup: not all of its servers could be ended");
                return;
            }
            List<String> problems = session.remove();
            left.addAll(problems);
            if (problems.isEmpty()) {
                removed.add(session.id());
            }
        }
    }

    private static boolean isGone(SessionServer server) {
        try {
            Inspection.Verdict verdict =
                    Inspection.of(LockFile.at(server.lockFile())).verdict();
            return verdict == Inspection.Verdict.NOT_RUNNING || verdict == Inspection.Verdict.STALE;
        } catch (HoldfastException e) {
            return false;
        }
    }

    /** Whether none of its servers is left. */
    private boolean endServers(Session session, ExecutorService threads) throws InterruptedException {
        List<SessionServer> servers = session.servers();
        List<Future<String>> stops = new ArrayList<>();
        for (SessionServer server : servers) {
            stops.add(threads.submit(() -> stop(session, server)));
        }
        boolean isClear = true;
        for (int i = 0; i < servers.size(); i++) {
            SessionServer server = servers.get(i);
            String obstacle = obstacle(stops.get(i));
            if (obstacle.isEmpty()) {
                session.forget(server.name());
                // The launcher of a start that was killed may have got its lock just now: the one that comes later
                // ends.
                obstacle = stop(session, server);
            }
            if (!obstacle.isEmpty()) {
                restore(session, server);
                left.add(SessionServer.instance(session.id(), server.name()) + ": " + obstacle);
                isClear = false;
            }
        }
        return isClear;
    }

    private static void restore(Session session, SessionServer server) {
        if (server.isKnown()) {
            session.add(server);
        }
    }

    private static String obstacle(Future<String> stop) throws InterruptedException {
        try {
            return stop.get();
        } catch (ExecutionException e) {
            return String.valueOf(e.getCause());
        }
    }

    /** Why it could not be ended; empty when it is gone. */
    private String stop(Session session, SessionServer server) {
        if (!server.isKnown()) {
            return session.unreadable(server);
        }
        String instance = SessionServer.instance(session.id(), server.name());
        try {
            LockFile lock = LockFile.at(server.lockFile());
            Outcome outcome = new InstanceStop(lock, journal).stop(Optional.empty());
            return switch (outcome.result()) {
                case DONE, ASKED, ENDED -> {
                    synchronized (ended) {
                        ended.add(instance);
                    }
                    yield "";
                }
                case NOT_RUNNING -> "";
                case REFUSED, FOREIGN ->
                    "it could not be ended; holdfast stop --lock-file "
                            + ShellWord.quoted(Printable.line(server.lockFile())) + " tells why";
            };
        } catch (HoldfastException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private String text() {
        List<String> lines = new ArrayList<>();
        ended.stream().sorted().forEach(server -> lines.add((isPlan ? "would end     " : "ended    ") + server));
        removed.forEach(id -> lines.add((isPlan ? "would remove  " : "removed  ") + "session " + id));
        left.forEach(what -> lines.add("stays    " + what));
        return lines.isEmpty()
                ? "nothing to clean up"
                : String.join("\n", lines.stream().map(Printable::line).toList());
    }

    private String json() {
        ObjectNode node = Json.object();
        node.put("dry_run", isPlan);
        add(node.putArray("servers_ended"), ended.stream().sorted().toList());
        add(node.putArray("sessions_removed"), removed);
        add(node.putArray("left"), left);
        return Json.line(node);
    }

    private static void add(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }
}
