package dev.holdfast.commands.session;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.console.Console;
import dev.holdfast.console.ExitCode;
import dev.holdfast.console.TextTable;
import dev.holdfast.json.jackson.Json;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionRecord;
import dev.holdfast.session.SessionServer;
import dev.holdfast.session.SessionState;
import dev.holdfast.text.Printable;
import java.util.ArrayList;
import java.util.List;

/** {@code holdfast session status}: the session's servers, and what two of them claim. */
final class SessionStatus {
    private SessionStatus() {}

    static int print(Session session, boolean isJson) {
        if (!session.isThere()) {
            if (isJson) {
                Console.result(
                        Json.line(Json.object().put("session", session.id()).put("state", "none")));
            } else {
                Console.result("session " + session.id() + ": none; holdfast session init begins it");
            }
            return ExitCode.NOT_RUNNING.number();
        }
        List<ServerLook> looks = session.servers().stream()
                .map(server -> ServerLook.at(session, server))
                .toList();
        List<String> claims = Claims.among(session);
        Console.result(isJson ? json(session, looks, claims) : text(session, looks, claims));
        return ExitCode.OK.number();
    }

    private static String text(Session session, List<ServerLook> looks, List<String> claims) {
        SessionState state = session.state();
        List<String> lines = new ArrayList<>();
        lines.add("session " + session.id() + ": " + state.word() + leader(session, state) + ", "
                + (looks.isEmpty() ? "no servers" : looks.size() == 1 ? "1 server" : looks.size() + " servers"));
        if (!looks.isEmpty()) {
            TextTable table = new TextTable("NAME", "STATE", "PID", "SERVER", "AGE");
            for (ServerLook look : looks) {
                table.add(
                        look.server().name(),
                        look.state(),
                        number(look.launcher()),
                        number(look.pid()),
                        look.seconds() < 0 ? "-" : TextTable.age(look.seconds()));
            }
            lines.add(table.toString());
        }
        claims.forEach(claim -> lines.add("claimed twice: " + claim));
        return String.join("\n", lines.stream().map(SessionStatus::printable).toList());
    }

    /** Lines of a table are printable, and more than one. */
    private static String printable(String lines) {
        return String.join("\n", lines.lines().map(Printable::line).toList());
    }

    private static String leader(Session session, SessionState state) {
        return switch (state) {
            case LIVE, ELSEWHERE -> ", led by " + SessionInit.leader(session);
            case DEAD -> ", " + SessionInit.leader(session) + " has ended";
            case KEPT, UNKNOWN -> "";
        };
    }

    static String number(int pid) {
        return pid == 0 ? "-" : Integer.toString(pid);
    }

    private static String json(Session session, List<ServerLook> looks, List<String> claims) {
        ObjectNode node = Json.object();
        put(node, session);
        ArrayNode servers = node.putArray("servers");
        for (ServerLook look : looks) {
            String name = look.server().name();
            ObjectNode server = servers.addObject();
            server.put("name", name);
            server.put("instance", SessionServer.instance(session.id(), name));
            server.put("state", look.state());
            server.put("pid", look.launcher());
            server.put("server_pid", look.pid());
            server.put("uptime_seconds", look.seconds());
            server.put("lock_file", look.server().lockFile());
            server.put("pid_file", session.pidFileOf(name));
            server.put("log", session.logOf(name));
        }
        ArrayNode twice = node.putArray("claimed_twice");
        claims.forEach(twice::add);
        return Json.line(node);
    }

    /** What all reports say of a session. */
    static void put(ObjectNode node, Session session) {
        node.put("session", session.id());
        node.put("state", session.state().word());
        session.record().ifPresent(record -> {
            record.leader().ifPresent(leader -> {
                node.put("leader_pid", leader.pid());
                node.put("leader_name", record.leaderName());
            });
            node.put("began", began(record));
        });
        node.put("pids", session.pids());
        node.put("configs", session.configs());
        node.put("logs", session.logs());
    }

    private static String began(SessionRecord record) {
        return record.began().toString();
    }
}
