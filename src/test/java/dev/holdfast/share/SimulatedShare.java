package dev.holdfast.share;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.holdfast.settings.ShareContract;
import dev.holdfast.settings.ShareEra;
import dev.holdfast.settings.ShareFlow;
import dev.holdfast.settings.ShareLogs;
import dev.holdfast.settings.ShareMatch;
import dev.holdfast.settings.ShareRequests;
import dev.holdfast.settings.ShareScope;
import dev.holdfast.settings.ShareSettings;
import dev.holdfast.waiting.Ticker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A shared server whose clients, server and time do what a seed says. */
final class SimulatedShare implements HostEvents {
    private static final JsonMapper JACKSON = new JsonMapper();
    private static final Duration GRACE = Duration.ofSeconds(3);
    private static final int STEPS = 400;
    private static final int MOST_CLIENTS = 5;
    private static final int STORY = 60;

    private final List<String> story = new ArrayList<>();
    private final Random random;
    private final Multiplexer shared;
    private final SimulatedServer server;
    private final List<SimulatedClient> clients = new ArrayList<>();
    private boolean serverRuns = true;
    private int words;
    private int results;
    private long now = 1_000_000;

    SimulatedShare(long seed) {
        random = new Random(seed);
        int calls = random.nextInt(4);
        ShareContract contract = new ShareContract(
                ShareEra.AUTO,
                Optional.empty(),
                random.nextBoolean() ? ShareRequests.ONE_CALLER : ShareRequests.NONE,
                ShareLogs.OWN_LEVEL);
        ShareSettings settings = new ShareSettings(
                ShareScope.CWD,
                Optional.empty(),
                ShareMatch.MODERATE,
                List.of(),
                new ShareFlow(calls, 8_000_000, Optional.empty()),
                contract,
                false,
                Optional.empty(),
                false);
        shared = new Multiplexer(settings, GRACE, () -> now, this);
        server = new SimulatedServer(random, calls, GRACE.toNanos());
    }

    static JsonNode json(byte[] line) {
        try {
            return JACKSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last that has happened. */
    String story() {
        return String.join("\n", story.subList(Math.max(0, story.size() - STORY), story.size()));
    }

    /** How many results there were. */
    long run() {
        server.starts();
        shared.serverStarted();
        for (int step = 0; step < STEPS; step++) {
            step();
        }
        if (random.nextBoolean()) {
            comesToRest();
        } else {
            isStopped();
        }
        return results;
    }

    private void step() {
        switch (random.nextInt(20)) {
            case 0 -> attach();
            case 1, 2, 3, 4, 5, 6 -> anyClient().ifPresent(this::clientActs);
            case 7, 8, 9, 10 -> serverReads(1 + random.nextInt(3));
            case 11, 12, 13 -> serverWrites();
            case 14, 15, 16 -> anyClient().ifPresent(SimulatedClient::read);
            case 17 -> pass(Duration.ofMillis(random.nextInt(400)));
            case 18 -> restart();
            default -> anyClient().ifPresent(this::clientLeaves);
        }
    }

    private Optional<SimulatedClient> anyClient() {
        return clients.isEmpty() ? Optional.empty() : Optional.of(clients.get(random.nextInt(clients.size())));
    }

    private void attach() {
        if (clients.size() < MOST_CLIENTS) {
            clients.add(new SimulatedClient(shared.attach("c", 0)));
        }
    }

    private void clientActs(SimulatedClient each) {
        if (each.hasEnded || !shared.takesFrom(each.client)) {
            return;
        }
        if (!each.isInitialized) {
            if (!each.open.containsValue(SimulatedClient.HANDSHAKE)) {
                say(
                        each,
                        "{'jsonrpc':'2.0','id':" + each.nextId(SimulatedClient.HANDSHAKE)
                                + ",'method':'initialize','params':{'protocolVersion':'2025-06-18',"
                                + "'capabilities':{'sampling':{}},'clientInfo':{'name':'c','version':'1'}}}");
            }
            return;
        }
        switch (random.nextInt(9)) {
            case 0 -> giveUp(each);
            case 1 -> answerQuestion(each);
            case 2 -> say(each, "{'jsonrpc':'2.0','method':'notifications/cancelled','params':{'requestId':77777}}");
            case 3 -> say(each, "{'jsonrpc':'2.0','id':424242,'result':{}}");
            case 4 -> say(each, "no message");
            case 5 -> askForState(each);
            default -> ask(each);
        }
    }

    private void ask(SimulatedClient each) {
        String method = List.of("tools/call", "tools/call", "prompts/get", "resources/read")
                .get(random.nextInt(4));
        String word = "w" + ++words;
        int id = each.nextId(word);
        String token = random.nextBoolean() ? ",'_meta':{'progressToken':" + id + "}" : "";
        say(
                each,
                "{'jsonrpc':'2.0','id':" + id + ",'method':'" + method + "','params':{'word':'" + word + "'" + token
                        + "}}");
    }

    /** What the server has only once, or is asked for only once. */
    private void askForState(SimulatedClient each) {
        int what = random.nextInt(4);
        String method = List.of("tools/list", "logging/setLevel", "resources/subscribe", "resources/unsubscribe")
                .get(what);
        each.wantsLog |= what == 1;
        each.wantsUpdates |= what == 2;
        int id = each.nextId("");
        say(each, "{'jsonrpc':'2.0','id':" + id + ",'method':'" + method + "','params':{'level':'info','uri':'a:b'}}");
    }

    private void giveUp(SimulatedClient each) {
        each.read(); // what has come already is no answer to what is over
        List<Integer> open = new ArrayList<>(each.open.keySet());
        if (!open.isEmpty()) {
            int id = open.get(random.nextInt(open.size()));
            each.givesUp(id);
            say(each, "{'jsonrpc':'2.0','method':'notifications/cancelled','params':{'requestId':" + id + "}}");
        }
    }

    private void answerQuestion(SimulatedClient each) {
        each.read();
        if (!each.questions.isEmpty()) {
            String id = each.questions.remove(0);
            say(each, "{'jsonrpc':'2.0','id':" + id + ",'result':{}}");
        }
    }

    private void say(SimulatedClient each, String line) {
        tell("client " + each.client.number() + ": " + line);
        shared.fromClient(each.client, SharedServer.bytes(line));
    }

    private void tell(String event) {
        story.add(event);
    }

    private void serverReads(int most) {
        for (int i = 0; serverRuns && i < most; i++) {
            byte[] line = shared.nextForServer();
            if (line == null) {
                return;
            }
            tell("to server: " + new String(line, StandardCharsets.UTF_8).strip());
            server.hear(json(line), now);
        }
    }

    private void serverWrites() {
        if (!serverRuns) {
            return;
        }
        int what = random.nextInt(10);
        if (what < 6 && server.hasWork()) {
            serverSays(server.answer());
        } else if (what == 6 && server.hasWork()) {
            serverSays(server.progress());
        } else if (what == 7) {
            serverSays(server.question());
        } else if (what == 8 && !server.asked.isEmpty() && random.nextBoolean()) {
            serverReads(Integer.MAX_VALUE); // an answer may be on its way
            if (!server.asked.isEmpty()) {
                serverSays(server.takesBack());
            }
        } else {
            serverSays(server.announcement());
        }
    }

    private void serverSays(String line) {
        tell("from server: " + line);
        shared.fromServer(SharedServer.bytes(line));
    }

    private void restart() {
        if (serverRuns && random.nextInt(3) == 0) {
            tell("server ends");
            serverRuns = false;
            shared.serverEnded();
            if (random.nextInt(4) == 0) {
                shared.serverBacksOff();
            }
        } else if (!serverRuns) {
            tell("server starts");
            serverRuns = true;
            server.starts();
            shared.serverStarted();
        }
    }

    private void clientLeaves(SimulatedClient each) {
        if (random.nextBoolean()) {
            tell("client " + each.client.number() + " is gone");
            forget(each);
            shared.detach(each.client);
        } else if (!each.hasEnded && random.nextBoolean()) {
            tell("client " + each.client.number() + " ends");
            each.hasEnded = true;
            each.questions.clear();
            shared.inputEnded(each.client);
        }
    }

    private void forget(SimulatedClient each) {
        results += each.results;
        clients.remove(each);
    }

    private void pass(Duration time) {
        serverReads(Integer.MAX_VALUE); // what is given up has its grace from now on, on both sides
        now += time.toNanos();
        for (int i = 0; shared.deadline() <= now; i++) {
            assertThat(i).as("the time has come again and again").isLessThan(100);
            shared.look();
        }
    }

    /** All that is open is answered, and then nothing is left. */
    private void comesToRest() {
        while (!serverRuns) {
            restart();
        }
        for (int i = 0; i < 2000; i++) {
            serverReads(Integer.MAX_VALUE);
            if (server.hasWork()) {
                serverSays(server.answer());
            }
            for (SimulatedClient each : List.copyOf(clients)) {
                if (shared.takesFrom(each.client)) {
                    answerQuestion(each);
                }
                each.read();
            }
            if (i % 10 == 0) {
                pass(Duration.ofMillis(500));
            }
        }
        for (SimulatedClient each : clients) {
            assertThat(each.open).as("client %d", each.client.number()).isEmpty();
            assertThat(each.client.outgoing().isEmpty()).isTrue();
        }
        assertThat(server.asked).isEmpty();
        for (SimulatedClient each : List.copyOf(clients)) {
            forget(each);
            shared.detach(each.client);
        }
        isEmpty();
    }

    private void isStopped() {
        List<SimulatedClient> all = List.copyOf(clients);
        shared.stopping();
        for (int i = 0; i < 20; i++) {
            serverReads(1);
            serverWrites();
        }
        shared.over(random.nextBoolean() ? Bye.STOPPED : Bye.ENDED);
        for (SimulatedClient each : all) {
            each.read();
            assertThat(each.open).as("client %d", each.client.number()).isEmpty();
        }
        assertThat(clients).isEmpty();
        isEmpty();
    }

    private void isEmpty() {
        String report = shared.report().end();
        assertThat(report).contains("\"open\":0,\"queued\":0,").contains("\"clients\":[]");
        assertThat(shared.clients()).isZero();
        pass(GRACE);
        assertThat(shared.deadline()).isEqualTo(Ticker.NEVER);
    }

    @Override
    public void dismiss(Client client, Bye why) {
        tell("bye " + client.number() + " " + why);
        for (SimulatedClient each : List.copyOf(clients)) {
            if (each.client == client) {
                each.read();
                forget(each);
            }
        }
    }

    @Override
    public void wake() {}

    @Override
    public void contractBroken() {
        throw new AssertionError("the server is always the same");
    }

    @Override
    public void audit(String line) {}
}
