package dev.holdfast.share;

import dev.holdfast.json.Envelope;
import dev.holdfast.json.FlatObjectWriter;
import dev.holdfast.json.Parts;
import dev.holdfast.settings.ShareContract;
import dev.holdfast.settings.ShareEra;
import dev.holdfast.text.Version;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one handshake with the server, in the host's own words, and how its result is given to each client. Decides in which era
 * the server is spoken to: with a handshake where it takes one.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle">Model Context Protocol, Lifecycle</a>
 */
final class Handshake {
    /** The newest revision that begins with a handshake. */
    static final String NEWEST_LEGACY = "2025-11-25";

    private final ShareContract contract;
    private final OwnRequests requests;
    private final Listener listener;
    private final List<Client> waiting = new ArrayList<>();
    private State state;
    private boolean serverRuns;
    /** What the server was asked, and is asked again after a restart. */
    private @Nullable String params;

    private @Nullable Agreement agreement;

    /** Nobody has asked yet. */
    Handshake(ShareContract contract, OwnRequests requests, Listener listener) {
        this.contract = contract;
        this.requests = requests;
        this.listener = listener;
        state = contract.era() == ShareEra.MODERN ? State.MODERN : State.UNTOLD;
    }

    /** What a server, from its start on, has been told. */
    enum State {
        UNTOLD,
        ASKED,
        /** It has taken the handshake. */
        LEGACY,
        /** It knows no handshake. */
        MODERN
    }

    /** Is told of what is agreed on. */
    interface Listener {
        /** For a client. */
        void say(Client client, byte[] line);

        /** For the server. */
        void tell(byte[] line);

        /** The server takes requests: of the era that {@link #state} says. */
        void agreed();

        /** The server has answered the handshake with an error, which may be gone at the next time. */
        void failed(byte[] error);

        /** The next server does not promise what the one before has. */
        void broken();
    }

    State state() {
        return state;
    }

    /** What was agreed on with the server that runs, or ran before; null before the first time. */
    @Nullable
    Agreement agreement() {
        return agreement;
    }

    /** The revision that is spoken with the server; empty as long as it is not known, and without a handshake. */
    String version() {
        return agreement == null ? "" : agreement.version();
    }

    /** A client asks for a handshake. */
    void initialize(Client client, byte[] line, RawValue id) {
        if (state == State.MODERN) {
            listener.say(client, Errors.noHandshake(id.json()));
            return;
        }
        if (client.phase() != Client.Phase.NEW) {
            listener.say(client, Errors.answer(id.json(), Errors.INVALID_REQUEST, "already initialized"));
            return;
        }
        client.opens(id);
        waiting.add(client);
        if (state == State.LEGACY) {
            give();
            return;
        }
        if (params == null) {
            params = paramsFor(line);
        }
        ask();
    }

    /** A client asks for what no handshake has come before: the server decides whether it needs one. */
    void open() {
        if (params == null) {
            params = params(NEWEST_LEGACY, "");
        }
        ask();
    }

    /** A client is gone. */
    void forget(Client client) {
        waiting.remove(client);
    }

    void serverStarted() {
        serverRuns = true;
        if (state != State.MODERN) {
            state = State.UNTOLD;
        }
        ask();
    }

    void serverEnded() {
        serverRuns = false;
        if (state != State.MODERN) {
            state = State.UNTOLD;
        }
    }

    private void ask() {
        if (serverRuns && state == State.UNTOLD && params != null) {
            state = State.ASKED;
            requests.send("initialize", params, this::answered);
        }
    }

    private String paramsFor(byte[] line) {
        Parts asked = Parts.of(line, "params/protocolVersion", "params/clientInfo/name");
        String version = asked.text("params/protocolVersion").orElse(NEWEST_LEGACY);
        boolean isLegacy = version.compareTo(NEWEST_LEGACY) < 0;
        return params(
                isLegacy ? version : NEWEST_LEGACY,
                asked.text("params/clientInfo/name").orElse(""));
    }

    private String params(String version, String title) {
        FlatObjectWriter capabilities = new FlatObjectWriter();
        FlatObjectWriter client = new FlatObjectWriter()
                .text("name", "holdfast")
                .text("version", Version.TEXT)
                .textIfAny("title", title);
        String json = new FlatObjectWriter()
                .text("protocolVersion", contract.protocol().orElse(version))
                .object("capabilities", capabilities)
                .object("clientInfo", client)
                .end();
        return new String(json.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private void answered(byte[] line) {
        if (state != State.ASKED) {
            return;
        }
        Optional<Envelope> answer = Envelope.of(line);
        if (answer.isPresent() && answer.get().has(Envelope.Member.RESULT)) {
            agree(line, answer.get());
        } else {
            refused(line);
        }
    }

    private void agree(byte[] line, Envelope answer) {
        Agreement next = Agreement.of(line, answer);
        state = State.LEGACY;
        agreement = next;
        listener.tell(
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}".getBytes(StandardCharsets.US_ASCII));
        give();
        listener.agreed();
    }

    private void refused(byte[] line) {
        state = State.UNTOLD;
        params = null;
        for (Client each : takeWaiting()) {
            RawValue id = each.opening();
            each.opens(null);
            if (id != null) {
                listener.say(each, Errors.readdressed(line, id.json()));
            }
        }
        listener.failed(line);
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
            each.talks();
            if (id != null) {
                listener.say(each, known.answer(id.json()));
            }
        }
    }
}
