package dev.holdfast.share;

import dev.holdfast.json.Envelope;
import dev.holdfast.json.Envelope.Member;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who is told when a resource changes, when the server knows but one subscriber. It is asked once for the first one, and told
 * once that the last one is gone. To be used only while the server takes requests; but for {@link #forget},
 * {@link #serverEnded} and {@link #audience}. Not safe for use by several threads.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/server/resources">Model Context Protocol, Resources</a>
 */
final class Subscriptions {
    private static final int MOST = 1000;

    private final Asking server;
    private final Saying clients;
    private final Map<String, Subscription> byUri = new HashMap<>();

    Subscriptions(Asking server, Saying clients) {
        this.server = (method, params, then) -> server.send(method, params, answer -> {
            then.accept(answer);
            sweep();
        });
        this.clients = clients;
    }

    /**
     * A client subscribes to a resource.
     *
     * @param line its request
     */
    void subscribe(int client, RawValue id, byte[] line, Envelope message) {
        Optional<RawValue> uri = uri(client, id, line, message);
        if (uri.isEmpty()) {
            return;
        }
        if (subscribedBy(client) >= MOST) {
            String why = "a client of a shared server subscribes to " + MOST + " resources at the most";
            clients.say(client, Errors.answer(id.json(), Errors.HOST, why));
            return;
        }
        byUri.computeIfAbsent(uri.get().key(), any -> new Subscription(uri.get().json(), server, clients))
                .subscribe(client, id);
    }

    /**
     * A client does not want to know of a resource any more.
     *
     * @param line its request
     */
    void unsubscribe(int client, RawValue id, byte[] line, Envelope message) {
        Optional<RawValue> uri = uri(client, id, line, message);
        Subscription known = uri.map(found -> byUri.get(found.key())).orElse(null);
        if (known != null) {
            known.unsubscribe(client, id);
        } else if (uri.isPresent()) {
            clients.say(client, Errors.empty(id.json()));
        }
        sweep();
    }

    private Optional<RawValue> uri(int client, RawValue id, byte[] line, Envelope message) {
        Optional<RawValue> uri =
                message.isString(Member.PARAMS_URI) ? RawValue.of(line, message, Member.PARAMS_URI) : Optional.empty();
        if (uri.isEmpty()) {
            clients.say(client, Errors.answer(id.json(), Errors.INVALID_PARAMS, "no resource is named"));
        }
        return uri;
    }

    private long subscribedBy(int client) {
        return byUri.values().stream().filter(each -> each.has(client)).count();
    }

    /** Who is told of a change: who has subscribed to this, and when nobody has, to what it is within. */
    Set<Integer> audience(Envelope message) {
        String uri = message.text(Member.PARAMS_URI).orElse("");
        Subscription exact = byUri.get("\"" + uri);
        Set<Integer> all = new TreeSet<>(exact == null ? Set.of() : exact.members());
        if (all.isEmpty()) {
            byUri.forEach((key, each) -> {
                if (isWithin(uri, key.substring(1))) {
                    all.addAll(each.members());
                }
            });
        }
        return all;
    }

    /** "This might be a sub-resource of the one that the client actually subscribed to", says the schema. */
    private static boolean isWithin(String uri, String whole) {
        boolean isLonger = !whole.isEmpty() && uri.length() > whole.length() && uri.startsWith(whole);
        return isLonger && (whole.endsWith("/") || "/?#".indexOf(uri.charAt(whole.length())) >= 0);
    }

    /**
     * A client is gone.
     *
     * @param serverTakes whether the server takes requests
     */
    void forget(int client, boolean serverTakes) {
        for (Subscription each : List.copyOf(byUri.values())) {
            each.forget(client, serverTakes);
        }
        sweep();
    }

    /** The server is gone. To be called before what it was asked is answered. */
    void serverEnded() {
        byUri.values().forEach(Subscription::serverEnded);
        sweep();
    }

    /** The next server takes requests: it is asked again for whatever the one before has granted. */
    void agreed() {
        for (Subscription each : List.copyOf(byUri.values())) {
            each.agreed();
        }
    }

    private void sweep() {
        byUri.values().removeIf(Subscription::isOver);
    }

    /** How many resources are kept in mind. */
    int size() {
        return byUri.size();
    }
}
