package dev.holdfast.share;

import dev.holdfast.json.FlatObjectWriter;
import dev.holdfast.text.Timestamps;
import dev.holdfast.waiting.Ticker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a host counts, for {@code status} and for metrics. Knows who asks, by which method, and what becomes of it: nothing of
 * parameters, results and resources. Not safe for use by several threads.
 */
final class Counters {
    /** Other methods are counted as one: a client may make up any number of them. */
    private static final Set<String> METHODS = Set.of(
            "completion/complete",
            "initialize",
            "logging/setLevel",
            "ping",
            "prompts/get",
            "prompts/list",
            "resources/list",
            "resources/read",
            "resources/subscribe",
            "resources/templates/list",
            "resources/unsubscribe",
            "server/discover",
            "subscriptions/listen",
            "tasks/cancel",
            "tasks/get",
            "tasks/list",
            "tasks/result",
            "tasks/update",
            "tools/call",
            "tools/list");

    private static final String OTHER = "other";
    private static final int MOST_TOOLS = 200;

    private final Ticker ticker;
    private final Map<Integer, OfClient> clients = new TreeMap<>();
    private final Map<Long, Request> requests = new HashMap<>();
    private final Map<String, Map<Outcome, Long>> methods = new TreeMap<>();
    private final Map<String, Map<Outcome, Long>> tools = new TreeMap<>();
    private final Map<String, Long> dropped = new TreeMap<>();
    private final Map<Direction, Long> bytes = new EnumMap<>(Direction.class);
    private final Timing running = new Timing();
    private final Timing waiting = new Timing();

    Counters(Ticker ticker) {
        this.ticker = ticker;
    }

    /** What has become of a request. */
    enum Outcome {
        OK,
        ERROR,
        /** By its client, or since that is gone. */
        CANCELLED,
        /** The server has ended meanwhile. */
        LOST,
        /** The server was never asked. */
        REFUSED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Which way bytes go, as seen from the host. */
    enum Direction {
        FROM_CLIENTS("fromClients"),
        TO_CLIENTS("toClients"),
        FROM_SERVER("fromServer"),
        TO_SERVER("toServer");

        private final String key;

        Direction(String key) {
            this.key = key;
        }
    }

    private static final class OfClient {
        private final Client client;
        private final String since;
        private long requests;
        private long dropped;

        OfClient(Client client, String since) {
            this.client = client;
            this.since = since;
        }
    }

    private static final class Request {
        private final int client;
        private final String method;
        private final String tool;
        private final long since;
        /** When it went to the server; 0 while it waits. */
        private long sentAt;

        private boolean isSent;

        Request(int client, String method, String tool, long since) {
            this.client = client;
            this.method = method;
            this.tool = tool;
            this.since = since;
        }
    }

    void attached(Client client, long epochMillis) {
        clients.put(client.number(), new OfClient(client, Timestamps.iso(epochMillis)));
    }

    /** Its requests are told about one by one before. */
    void detached(int client) {
        clients.remove(client);
    }

    /**
     * A client asks for something, which is not sent yet.
     *
     * @param tool whose call it is, when tools are told apart; empty otherwise
     */
    void asked(long wireId, int client, String method, String tool) {
        requests.put(wireId, new Request(client, known(method), tool, ticker.nanoTime()));
        OfClient asking = clients.get(client);
        if (asking != null) {
            asking.requests++;
        }
    }

    /** A request goes to the server. */
    void sent(long wireId) {
        Request request = requests.get(wireId);
        if (request != null && !request.isSent) {
            request.isSent = true;
            request.sentAt = ticker.nanoTime();
            waiting.took(request.sentAt - request.since);
        }
    }

    /** A request is over. One that is not known, or was told of before, is passed over. */
    void over(long wireId, Outcome outcome) {
        Request request = requests.remove(wireId);
        if (request == null) {
            return;
        }
        count(methods, request.method, outcome);
        if (!request.tool.isEmpty()) {
            boolean isNew = !tools.containsKey(request.tool);
            count(tools, isNew && tools.size() >= MOST_TOOLS ? OTHER : request.tool, outcome);
        }
        if (request.isSent && (outcome == Outcome.OK || outcome == Outcome.ERROR)) {
            running.took(ticker.nanoTime() - request.sentAt);
        }
    }

    /** A request was answered at once, with an error or not, and the server not asked. */
    void answeredByHost(int client, String method, Outcome outcome) {
        OfClient asking = clients.get(client);
        if (asking != null) {
            asking.requests++;
        }
        count(methods, known(method), outcome);
    }

    /** The method, or "other": what a client makes up is told to nobody. */
    static String known(String method) {
        return METHODS.contains(method) ? method : OTHER;
    }

    private static void count(Map<String, Map<Outcome, Long>> counts, String key, Outcome outcome) {
        counts.computeIfAbsent(key, any -> new EnumMap<>(Outcome.class)).merge(outcome, 1L, Long::sum);
    }

    /**
     * Something went to nobody.
     *
     * @param client who would have got it, or has sent it; 0 for no one
     * @param what one of a few words
     */
    void dropped(int client, String what, long count) {
        dropped.merge(what, count, Long::sum);
        OfClient losing = clients.get(client);
        if (losing != null) {
            losing.dropped += count;
        }
    }

    void moved(Direction direction, long count) {
        bytes.merge(direction, count, Long::sum);
    }

    /** How many requests the server has not answered. */
    long open() {
        return requests.values().stream().filter(each -> each.isSent).count();
    }

    /** How many requests it was not sent yet. */
    long queued() {
        return requests.size() - open();
    }

    /** Each client, in the order in which they came. */
    List<FlatObjectWriter> clients() {
        List<FlatObjectWriter> list = new ArrayList<>();
        for (OfClient each : clients.values()) {
            int number = each.client.number();
            long all = requests.values().stream()
                    .filter(request -> request.client == number)
                    .count();
            long open = requests.values().stream()
                    .filter(request -> request.client == number && request.isSent)
                    .count();
            list.add(new FlatObjectWriter()
                    .number("id", number)
                    .number("pid", each.client.pid())
                    .text("name", each.client.name())
                    .text("since", each.since)
                    .number("requests", each.requests)
                    .number("open", open)
                    .number("queued", all - open)
                    .number("dropped", each.dropped));
        }
        return list;
    }

    /** All that only grows. */
    FlatObjectWriter totals() {
        FlatObjectWriter moved = new FlatObjectWriter();
        Arrays.stream(Direction.values())
                .forEach(direction -> moved.number(direction.key, bytes.getOrDefault(direction, 0L)));
        List<FlatObjectWriter> lost = new ArrayList<>();
        dropped.forEach((what, count) ->
                lost.add(new FlatObjectWriter().text("what", what).number("count", count)));
        return new FlatObjectWriter()
                .objects("requests", outcomes("method", methods))
                .objects("tools", outcomes("tool", tools))
                .object("seconds", running.report())
                .object("queueSeconds", waiting.report())
                .object("bytes", moved)
                .objects("dropped", lost);
    }

    private static List<FlatObjectWriter> outcomes(String key, Map<String, Map<Outcome, Long>> counts) {
        List<FlatObjectWriter> list = new ArrayList<>();
        counts.forEach((name, outcomes) -> outcomes.forEach((outcome, count) -> list.add(new FlatObjectWriter()
                .text(key, name)
                .text("outcome", outcome.word())
                .number("count", count))));
        return list;
    }
}
