package dev.holdfast.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.config.InstanceName;
import dev.holdfast.json.jackson.Json;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A server that was started in a session, and not stopped there.
 *
 * @param name how it is called in its session
 * @param lockFile the path of its instance's lock; empty when its file cannot be read
 */
public record SessionServer(String name, String lockFile) {
    /** Of the session's own log; a server of that name would write into it. */
    public static final String RESERVED = "mcp-main";

    /** What a name may be, for a message. */
    public static final String RULE = "must be letters, digits, dots, underscores or hyphens, with a letter, digit or"
            + " underscore first, and fit into an instance's name of 64 behind the session's and a dot; not "
            + RESERVED;

    /** Whether a server of a session may be called so. */
    public static boolean isValid(String session, String name) {
        return InstanceName.isValid(instance(session, name))
                && InstanceName.isValid(name)
                && name.charAt(0) != '.'
                && !name.equals(RESERVED);
    }

    /** The instance's name. */
    public static String instance(String session, String name) {
        return session + "." + name;
    }

    /** One whose file cannot be read: whether it runs, nobody can tell. */
    static SessionServer unknown(String name) {
        return new SessionServer(name, "");
    }

    /** Whether it is known where its lock is. */
    public boolean isKnown() {
        return !lockFile.isEmpty();
    }

    /** Reads its file; empty when it is no such. */
    static Optional<SessionServer> parse(String name, byte[] utf8) {
        return Json.read(utf8)
                .map(node -> node.path("lock_file"))
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .filter(path -> path.startsWith("/"))
                .map(path -> new SessionServer(name, path));
    }

    /** The file's text. */
    byte[] bytes() {
        ObjectNode node = Json.object();
        node.put("lock_file", lockFile);
        return (Json.line(node) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
