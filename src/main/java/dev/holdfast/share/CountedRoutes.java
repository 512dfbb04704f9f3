package dev.holdfast.share;

import dev.holdfast.json.Envelope;
import dev.holdfast.json.Parts;
import dev.holdfast.share.Counters.Outcome;
import dev.holdfast.text.Printable;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Counts what goes by, looks for what should not be shared, and tells the host of each request that begins and ends. Changes nothing on the way. */
final class CountedRoutes implements RouteListener {
    private static final int LONGEST_ID = 40;
    /** As long as the specification lets a tool's be. */
    private static final int LONGEST_NAME = 128;

    private static final String NAME = "params/name";

    private final RouteListener next;
    private final Counters counters;
    private final Hazards hazards;
    private final HostEvents host;
    private final boolean countsTools;
    private final Map<Long, String> begun = new HashMap<>();
    private final Set<Long> listings = new HashSet<>();
    /** The id of the request that is just being looked at. */
    private @Nullable RawValue id;

    /**
     * Nothing is counted yet.
     *
     * @param countsTools whether calls are counted by their tools' names
     */
    CountedRoutes(RouteListener next, Counters counters, Hazards hazards, HostEvents host, boolean countsTools) {
        this.next = next;
        this.counters = counters;
        this.hazards = hazards;
        this.host = host;
        this.countsTools = countsTools;
    }

    @Override
    public boolean admits(int client, RawValue clientsId, Envelope message) {
        id = clientsId;
        boolean isAdmitted = next.admits(client, clientsId, message);
        if (!isAdmitted) {
            String method = Messages.method(message);
            counters.answeredByHost(client, method, method.equals("ping") ? Outcome.OK : Outcome.REFUSED);
        }
        return isAdmitted;
    }

    @Override
    public void request(int client, long wireId, byte[] line, Envelope message) {
        String method = Messages.method(message);
        counters.asked(wireId, client, method, tool(method, line));
        String name = "Request #" + wireId + " (ID: " + shown() + ")";
        begun.put(wireId, name);
        host.trace(name + " started method=" + Counters.known(method) + " client=" + client);
        if (method.equals("tools/list")) {
            listings.add(wireId);
        }
        next.request(client, wireId, line, message);
    }

    /** Whose call it is, in the few characters that the names of tools are made of; empty when that is not told. */
    private String tool(String method, byte[] line) {
        return countsTools && method.equals(Callers.CALL)
                ? Printable.plain(Parts.of(line, NAME).text(NAME).orElse(""), LONGEST_NAME)
                : "";
    }

    private String shown() {
        String bytes = id == null ? "" : id.json();
        String text = new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        return Printable.plain(text, LONGEST_ID);
    }

    @Override
    public void over(long wireId, Outcome outcome) {
        counters.over(wireId, outcome);
        if (outcome != Outcome.OK) {
            listings.remove(wireId);
        }
        String name = begun.remove(wireId);
        if (name != null) {
            host.trace(name + " completed outcome=" + outcome.word());
        }
        next.over(wireId, outcome);
    }

    @Override
    public void cancelled(long wireId, byte[] line) {
        over(wireId, Outcome.CANCELLED);
        next.cancelled(wireId, line);
    }

    @Override
    public void abandoned(long wireId) {
        over(wireId, Outcome.CANCELLED);
        next.abandoned(wireId);
    }

    @Override
    public void notification(int client, byte[] line) {
        next.notification(client, line);
    }

    @Override
    public void toServer(byte[] line) {
        next.toServer(line);
    }

    @Override
    public void answered(int client, long wireId, byte[] line) {
        if (listings.remove(wireId)) {
            hazards.listed(line);
        }
        next.answered(client, wireId, line);
    }

    @Override
    public void toClient(int client, byte[] line) {
        next.toClient(client, line);
    }

    @Override
    public void forHost(int client, HostMethod method, byte[] line, Envelope message) {
        boolean isAnsweredHere = method == HostMethod.INITIALIZE || method == HostMethod.DISCOVER;
        if (isAnsweredHere && message.has(Envelope.Member.ID)) {
            counters.answeredByHost(client, Messages.method(message), Outcome.OK);
        }
        next.forHost(client, method, line, message);
    }

    @Override
    public void serverAsks(byte[] line, Envelope request) {
        hazards.asked(Messages.method(request));
        next.serverAsks(line, request);
    }

    @Override
    public void announced(String method, byte[] line, Envelope notification) {
        next.announced(method, line, notification);
    }

    @Override
    public void dropped(Drop why) {
        counters.dropped(OwnRequests.HOST, why.name().toLowerCase(Locale.ROOT), 1);
        next.dropped(why);
    }

    @Override
    public void late(long wireId) {
        next.late(wireId);
    }

    @Override
    public void talksNonsense(int client) {
        next.talksNonsense(client);
    }
}
