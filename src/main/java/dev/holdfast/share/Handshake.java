package dev.holdfast.share;

import dev.holdfast.json.Envelope;
import dev.holdfast.json.Parts;
import dev.holdfast.settings.ShareContract;
import dev.holdfast.settings.ShareEra;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one handshake with the server, in the host's own words, and how its result is given to each client. Decides in which era
 * the server is spoken to, for good: with a handshake where it takes one.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle">Model Context Protocol, Lifecycle</a>
 */
final class Handshake {
    private final ShareContract contract;
    private final OwnRequests requests;
    private final Listener listener;
    private final List<Client> waiting = new ArrayList<>();
    private State state = State.UNTOLD;
    private boolean serverRuns;
    private boolean wasEverAsked;
    private boolean isModern;
    /** The revisions that a server without a handshake has named. */
    private String supported = "[\"" + Opening.OLDEST_MODERN + "\"]";
    /** What the server was asked, and is asked again after a restart. */
    private @Nullable String params;

    private @Nullable Agreement agreement;

    /** Nobody has asked yet. */
    Handshake(ShareContract contract, OwnRequests requests, Listener listener) {
        this.contract = contract;
        this.requests = requests;
        this.listener = listener;
        isModern = contract.era() == ShareEra.MODERN;
    }

    /** How far the handshake with the server that runs is. */
    private enum State {
        UNTOLD,
        ASKED,
        DONE
    }

    /** Is told of what is agreed on. */
    interface Listener {
        /** For a client. */
        void say(Client client, byte[] line);

        /** For the server. */
        void tell(byte[] line);

        /** Whether a client, another than this one, has the handshake's result. */
        boolean isAnyTalkingBut(@Nullable Client client);

        /** The server takes requests, of the one era or the other. */
        void agreed();

        /** The server that takes requests is another one than before: its clients know of what is agreed on. */
        void agreedAgain(Agreement agreement);

        /** The server has answered the handshake with an error, which may be gone at the next time. */
        void failed(byte[] error);

        /** The next server does not promise what the one before has. */
        void broken();

        /** A client does not get the handshake's result. */
        void refused(Client client);
    }

    /** Whether the server takes requests now. */
    boolean isOpen() {
        return serverRuns && (isModern || state == State.DONE);
    }

    /** Whether a server runs, and no client has wanted anything of it or of one before it. */
    boolean isUnasked() {
        return serverRuns && !wasEverAsked;
    }

    /** Whether the server speaks without a handshake. */
    boolean isModern() {
        return isModern;
    }

    /** Whether the server speaks with a handshake; neither this nor {@link #isModern} when it has not been asked. */
    boolean isLegacy() {
        return agreement != null || contract.era() == ShareEra.LEGACY;
    }

    /** The revision that is spoken with the server; empty as long as it is not known, and without a handshake. */
    String version() {
        return agreement == null ? "" : agreement.version();
    }

    /** The answer to a request of the other era than the server's. */
    byte[] otherEra(String id, String requested) {
        String version = version().isEmpty() ? Opening.NEWEST_LEGACY : version();
        String versions = isModern ? supported : "[" + Errors.quoted(version) + "]";
        return Errors.otherEra(id, requested, isModern, versions);
    }

    /** Whether the server says that several clients may use it. */
    boolean isSaidToBeShareable() {
        return agreement != null && agreement.isForMany();
    }

    /** A client asks for a handshake. */
    void initialize(Client client, byte[] line, RawValue id) {
        if (isModern) {
            listener.say(client, otherEra(id.json(), Opening.of(line).version()));
            return;
        }
        if (client.phase() != Client.Phase.NEW) {
            listener.say(client, Errors.answer(id.json(), Errors.INVALID_REQUEST, "already initialized"));
            return;
        }
        client.opens(id, Opening.of(line));
        waiting.add(client);
        if (state == State.DONE) {
            give();
            return;
        }
        if (params == null) {
            params = client.said().params(contract);
        }
        ask();
    }

    /** A client asks for what no handshake has come before: the server decides whether it needs one. */
    void open() {
        if (params == null && !isModern) {
            params = Opening.NONE.params(contract);
        }
        ask();
    }

    /** A client is gone. */
    void forget(Client client) {
        waiting.remove(client);
    }

    /** Whether a client waits for the handshake's result. */
    boolean isAwaitedBy(Client client) {
        return waiting.contains(client);
    }

    void serverStarted() {
        serverRuns = true;
        state = State.UNTOLD;
        if (isModern) {
            listener.agreed();
        } else {
            ask();
        }
    }

    void serverEnded() {
        serverRuns = false;
        state = State.UNTOLD;
    }

    /** Those who wait for a result get an error, and may ask again. */
    void refuseWaiting(Function<String, byte[]> answer) {
        for (Client each : takeWaiting()) {
            RawValue id = each.opening();
            each.isNew();
            if (id != null) {
                listener.say(each, answer.apply(id.json()));
            }
        }
    }

    private void ask() {
        if (serverRuns && state == State.UNTOLD && params != null) {
            state = State.ASKED;
            wasEverAsked = true;
            requests.send("initialize", params, this::answered);
        }
    }

    private void answered(byte[] line) {
        if (state != State.ASKED) {
            return; // the server has ended
        }
        Optional<Envelope> answer = Envelope.of(line);
        if (answer.isPresent() && answer.get().has(Envelope.Member.RESULT)) {
            agree(Agreement.of(line, answer.get()));
        } else {
            refused(line);
        }
    }

    private void agree(Agreement next) {
        Agreement before = agreement;
        if (before != null && !before.isKeptBy(next) && listener.isAnyTalkingBut(null)) {
            listener.broken();
            return;
        }
        state = State.DONE;
        agreement = next;
        listener.tell(
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}".getBytes(StandardCharsets.US_ASCII));
        if (before != null) {
            listener.agreedAgain(next);
        }
        give();
        listener.agreed();
    }

    private void refused(byte[] line) {
        if (agreement != null && listener.isAnyTalkingBut(null)) {
            listener.broken();
            return;
        }
        state = State.UNTOLD;
        params = null;
        agreement = null;
        Parts error = Parts.of(line, "error/code", "error/data/supported");
        isModern = contract.era() == ShareEra.AUTO && Errors.knowsNoHandshake(error.json("error/code"));
        if (isModern && error.json("error/data/supported").startsWith("[")) {
            supported = error.json("error/data/supported");
        }
        for (Client each : takeWaiting()) {
            RawValue id = each.opening();
            each.isNew();
            if (id != null) {
                listener.say(
                        each,
                        isModern ? otherEra(id.json(), each.said().version()) : Errors.readdressed(line, id.json()));
            }
        }
        if (isModern) {
            listener.agreed();
        } else {
            listener.failed(line);
        }
    }

    private List<Client> takeWaiting() {
        List<Client> all = List.copyOf(waiting);
        waiting.clear();
        return all;
    }

    private void give() {
        Agreement known = agreement;
        if (known == null) {
            return;
        }
        for (Client each : takeWaiting()) {
            RawValue id = each.opening();
            if (id == null) {
                continue;
            }
            if (known.isForOneClient() && listener.isAnyTalkingBut(each)) {
                each.isNew();
                String why = "this server must not be shared, as it says itself: it has another client";
                listener.say(each, Errors.answer(id.json(), Errors.HOST, why, "isolated"));
                listener.refused(each);
            } else {
                each.talks();
                listener.say(each, known.answer(id.json()));
            }
        }
    }
}
