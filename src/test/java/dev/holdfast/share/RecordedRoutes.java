package dev.holdfast.share;

import dev.holdfast.json.Envelope;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What {@link Routes} says, one line each: whereto, and the message. */
final class RecordedRoutes implements RouteListener {
    final Routes routes = new Routes(this);
    private final List<String> said = new ArrayList<>();

    /** What was said since the last time. */
    List<String> next() {
        List<String> all = List.copyOf(said);
        said.clear();
        return all;
    }

    List<String> client(int client, String line) {
        routes.fromClient(client, line.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        return next();
    }

    List<String> server(String line) {
        routes.fromServer(line.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        return next();
    }

    private void say(String what, byte[] line) {
        said.add(what + new String(line, StandardCharsets.UTF_8).replace('"', '\''));
    }

    @Override
    public boolean admits(int client, RawValue id, Envelope message) {
        return true;
    }

    @Override
    public void request(int client, long wireId, byte[] line, Envelope message) {
        say("server < ", line);
    }

    @Override
    public void abandoned(long wireId) {
        said.add("goes on: " + wireId);
    }

    @Override
    public void cancelled(long wireId, byte[] line) {
        say("server < ", line);
    }

    @Override
    public void notification(int client, byte[] line) {
        toServer(line);
    }

    @Override
    public void toServer(byte[] line) {
        say("server < ", line);
    }

    @Override
    public void answered(int client, long wireId, byte[] line) {
        say(client + " < ", line);
    }

    @Override
    public void toClient(int client, byte[] line) {
        say(client + " < ", line);
    }

    @Override
    public void forHost(int client, HostMethod method, byte[] line, Envelope message) {
        said.add("host: " + method + " of " + client);
    }

    @Override
    public void serverAsks(byte[] line, Envelope request) {
        say("asks: ", line);
    }

    @Override
    public void announced(String method, byte[] line, Envelope notification) {
        say("all < ", line);
    }

    @Override
    public void dropped(Drop why) {
        said.add("dropped: " + why);
    }

    @Override
    public void late(long wireId) {
        said.add("late: " + wireId);
    }

    @Override
    public void talksNonsense(int client) {
        said.add("nonsense: " + client);
    }
}
