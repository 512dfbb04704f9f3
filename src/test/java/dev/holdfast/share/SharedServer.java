package dev.holdfast.share;

import dev.holdfast.settings.ShareContract;
import dev.holdfast.settings.ShareEra;
import dev.holdfast.settings.ShareFlow;
import dev.holdfast.settings.ShareLogs;
import dev.holdfast.settings.ShareMatch;
import dev.holdfast.settings.ShareRequests;
import dev.holdfast.settings.ShareScope;
import dev.holdfast.settings.ShareSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A multiplexer whose time and server a test turns by hand. Single quotes stand for double ones, in what is said and heard. */
final class SharedServer implements HostEvents {
    static final String AGREED = "{'jsonrpc':'2.0','id':%d,'result':{'protocolVersion':'2025-06-18','capabilities':{"
            + "'tools':{'listChanged':true},'logging':{},'resources':{'subscribe':true}},'serverInfo':{'name':'s'}}}";

    final List<String> events = new ArrayList<>();
    final Multiplexer shared;
    private long now = 1_000_000;

    SharedServer() {
        this(contract(ShareEra.AUTO, ShareRequests.NONE), 0);
    }

    SharedServer(ShareContract contract, int calls) {
        this(contract, calls, false);
    }

    SharedServer(ShareContract contract, int calls, boolean countsTools) {
        ShareSettings settings = new ShareSettings(
                ShareScope.CWD,
                Optional.of(Duration.ofMinutes(1)),
                ShareMatch.MODERATE,
                List.of(),
                new ShareFlow(calls, 8_000_000, Optional.empty()),
                contract,
                false,
                Optional.empty(),
                countsTools);
        shared = new Multiplexer(settings, () -> now, this);
    }

    static ShareContract contract(ShareEra era, ShareRequests requests) {
        return new ShareContract(era, Optional.empty(), requests, ShareLogs.OWN_LEVEL);
    }

    /** Some time goes by, and what is due is done. */
    void pass(Duration time) {
        now += time.toNanos();
        while (shared.deadline() <= now) {
            shared.look();
        }
    }

    Client attach() {
        return shared.attach("test", 0);
    }

    /** A server that has agreed to the handshake, and a client that has it. */
    Client first() {
        shared.serverStarted();
        Client client = attach();
        initialize(client);
        String asked = toServer().get(0);
        server(AGREED.formatted(wireId(asked)));
        toServer();
        heard(client);
        return client;
    }

    /** One more client, which gets what the first one got. */
    Client next() {
        Client client = attach();
        initialize(client);
        heard(client);
        return client;
    }

    void initialize(Client client) {
        say(
                client,
                "{'jsonrpc':'2.0','id':0,'method':'initialize','params':{'protocolVersion':'2025-06-18',"
                        + "'capabilities':{'sampling':{}},'clientInfo':{'name':'c','version':'1'}}}");
    }

    void say(Client client, String line) {
        shared.fromClient(client, bytes(line));
    }

    void server(String line) {
        shared.fromServer(bytes(line));
    }

    static byte[] bytes(String line) {
        return line.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    static long wireId(String line) {
        return Long.parseLong(line.replaceFirst(".*?'id':(\\d+).*", "$1"));
    }

    /** What the server gets, since the last time. */
    List<String> toServer() {
        List<String> all = new ArrayList<>();
        for (byte[] line = shared.nextForServer(); line != null; line = shared.nextForServer()) {
            all.add(text(line));
        }
        return all;
    }

    /** What a client gets, since the last time. */
    List<String> heard(Client client) {
        List<String> all = new ArrayList<>();
        for (byte[] line = client.outgoing().first();
                line != null;
                line = client.outgoing().first()) {
            all.add(text(line));
            client.outgoing().written(line.length + 1 - client.outgoing().offset());
        }
        return all;
    }

    private static String text(byte[] line) {
        String text = new String(line, StandardCharsets.UTF_8);
        if (text.indexOf('\n') >= 0) {
            throw new AssertionError("not one line: " + text);
        }
        return text.replace('"', '\'');
    }

    @Override
    public void wake() {}

    @Override
    public void dismiss(Client client, Bye why) {
        events.add("bye " + client.number() + " " + why.word());
    }

    @Override
    public void contractBroken() {
        events.add("broken");
    }

    @Override
    public void trace(String line) {
        events.add("trace " + line);
    }

    @Override
    public void audit(String line) {
        events.add("audit " + line);
    }
}
