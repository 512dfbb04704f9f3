package dev.holdfast.commands.session;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.console.Console;
import dev.holdfast.console.ExitCode;
import dev.holdfast.console.TextTable;
import dev.holdfast.json.jackson.Json;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionRecord;
import dev.holdfast.session.SessionsFolder;
import dev.holdfast.text.Printable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** {@code holdfast session list}: all sessions of this user. */
final class SessionList {
    private SessionList() {}

    static int print(SessionsFolder folder, boolean isJson) {
        List<Session> sessions = folder.sessions();
        if (isJson) {
            ArrayNode array = Json.array();
            for (Session session : sessions) {
                ObjectNode node = array.addObject();
                SessionStatus.put(node, session);
                node.put("servers", session.servers().size());
            }
            Console.result(Json.line(array));
        } else if (sessions.isEmpty()) {
            Console.complain("no sessions in " + Printable.line(folder.path()));
        } else {
            Console.result(table(sessions));
        }
        return ExitCode.OK.number();
    }

    private static String table(List<Session> sessions) {
        TextTable table = new TextTable("SESSION", "STATE", "LEADER", "SERVERS", "AGE");
        for (Session session : sessions) {
            Optional<SessionRecord> record = session.record();
            boolean isLed = record.flatMap(SessionRecord::leader).isPresent();
            table.add(
                    session.id(),
                    session.state().word(),
                    isLed ? SessionInit.leader(session) : "-",
                    Integer.toString(session.servers().size()),
                    record.map(said -> TextTable.age(Math.max(
                                    0,
                                    Duration.between(said.began(), Instant.now())
                                            .toSeconds())))
                            .orElse("-"));
        }
        return table.toString();
    }
}
