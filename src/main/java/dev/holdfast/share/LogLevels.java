package dev.holdfast.share;

import dev.holdfast.json.Envelope;
import dev.holdfast.json.Envelope.Member;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * From which level on each client gets the server's log messages, when the server knows but one level for all: the least one
 * that a client has asked for. To be used only while the server takes requests; but for {@link #forget} and
 * {@link #serverEnded}. Not safe for use by several threads.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/server/utilities/logging">Model Context Protocol,
 *     Logging</a>
 */
final class LogLevels {
    static final String METHOD = "logging/setLevel";
    private static final List<String> LEVELS =
            List.of("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency");
    private static final int NONE = -1;

    private final Asking server;
    private final Saying clients;
    private final Map<Integer, Integer> levels = new TreeMap<>();
    private final Deque<Request> waiting = new ArrayDeque<>();
    /** What the server was told last, and has taken. */
    private int current = NONE;

    private boolean asks;
    /** Whose request the server is being asked for; null when nobody waits for the answer. */
    private @Nullable Request asking;

    private int generation;

    LogLevels(Asking server, Saying clients) {
        this.server = server;
        this.clients = clients;
    }

    private record Request(int client, RawValue id, int level) {}

    /** A client asks for a level. */
    void set(int client, RawValue id, Envelope message) {
        int level = LEVELS.indexOf(message.text(Member.PARAMS_LEVEL).orElse(""));
        if (level < 0) {
            clients.say(client, Errors.answer(id.json(), Errors.INVALID_PARAMS, "there is no such level"));
            return;
        }
        waiting.add(new Request(client, id, level));
        next();
    }

    private void next() {
        while (!asks && !waiting.isEmpty()) {
            Request request = waiting.remove();
            int needed = needed(request);
            if (needed == current) {
                levels.put(request.client(), request.level());
                clients.say(request.client(), Errors.empty(request.id().json()));
            } else {
                ask(needed, request);
            }
        }
        if (!asks && !levels.isEmpty() && needed(null) != current) {
            ask(needed(null), null);
        }
    }

    /** The least one, once a client has its own. */
    private int needed(@Nullable Request request) {
        int least = request == null ? LEVELS.size() : request.level();
        for (Map.Entry<Integer, Integer> each : levels.entrySet()) {
            if (request == null || each.getKey() != request.client()) {
                least = Math.min(least, each.getValue());
            }
        }
        return least;
    }

    private void ask(int level, @Nullable Request request) {
        asks = true;
        asking = request;
        int asked = generation;
        server.send(METHOD, "{\"level\":\"" + LEVELS.get(level) + "\"}", answer -> {
            if (asked == generation) {
                answered(level, answer);
            }
        });
    }

    private void answered(int level, byte[] answer) {
        Request request = asking;
        asks = false;
        asking = null;
        boolean isTaken = Messages.isResult(answer);
        if (isTaken || request == null) {
            current = level; // a server that refuses what it has taken before is not asked again and again
        }
        if (request != null) {
            if (isTaken) {
                levels.put(request.client(), request.level());
            }
            clients.say(
                    request.client(), Errors.readdressed(answer, request.id().json()));
        }
        next();
    }

    /** Who gets a log message. */
    List<Integer> audience(Envelope message) {
        int level = LEVELS.indexOf(message.text(Member.PARAMS_LEVEL).orElse(""));
        List<Integer> all = new ArrayList<>();
        levels.forEach((client, own) -> {
            if (own <= level) {
                all.add(client);
            }
        });
        return all;
    }

    /**
     * A client is gone.
     *
     * @param serverTakes whether the server takes requests
     */
    void forget(int client, boolean serverTakes) {
        levels.remove(client);
        waiting.removeIf(request -> request.client() == client);
        if (asking != null && asking.client() == client) {
            asking = null;
        }
        if (serverTakes) {
            next();
        }
    }

    /** The server is gone. To be called before what it was asked is answered. */
    void serverEnded() {
        if (asking != null) {
            waiting.addFirst(asking);
        }
        generation++;
        asks = false;
        asking = null;
        current = NONE;
        for (Request each : waiting) {
            clients.say(each.client(), Errors.lost(each.id().json()));
        }
        waiting.clear();
    }

    /** The next server takes requests. */
    void agreed() {
        next();
    }
}
