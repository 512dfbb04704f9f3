package dev.holdfast.commands.session;

import dev.holdfast.config.CommandArguments;
import dev.holdfast.config.CommandOption;
import dev.holdfast.config.LogsOption;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionException;
import dev.holdfast.session.SessionServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What {@code holdfast logs} is told for a session. */
final class LogWords {
    private LogWords() {}

    static List<String> of(Session session, String name, CommandArguments arguments) {
        if (!name.isEmpty() && !SessionServer.isValid(session.id(), name)) {
            throw SessionCommandLine.problem("NAME " + SessionServer.RULE);
        }
        String path = name.isEmpty() ? session.managersLog() : session.logOf(name);
        if (!name.isEmpty() && !Files.exists(Path.of(path))) {
            throw new SessionException(
                    SessionException.Reason.UNKNOWN,
                    "session " + session.id() + " has no log of \"" + name + "\"" + SessionServerStop.known(session));
        }
        List<String> words = new ArrayList<>(List.of("--output=" + path));
        for (Map.Entry<CommandOption, String> said : arguments.values().entrySet()) {
            if (said.getKey() instanceof LogsOption option) {
                words.add(option.takesValue() ? option.longFlag() + "=" + said.getValue() : option.longFlag());
            }
        }
        return words;
    }
}
