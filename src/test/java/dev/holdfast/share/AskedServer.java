package dev.holdfast.share;

import dev.holdfast.json.Envelope;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** Notes what a server is asked and clients are told; the test answers. Single quotes stand for double ones. */
final class AskedServer implements Asking, Saying {
    /** What was asked and told, since the last time. */
    private final List<String> events = new ArrayList<>();

    private final Deque<Consumer<byte[]>> open = new ArrayDeque<>();

    @Override
    public void send(String method, String params, Consumer<byte[]> then) {
        events.add("server " + method + " " + params.replace('"', '\''));
        open.add(then);
    }

    @Override
    public void say(int client, byte[] line) {
        String text = new String(line, StandardCharsets.UTF_8).replace('"', '\'');
        events.add(client + " " + text.replaceFirst("\\{'jsonrpc':'2.0',", "{"));
    }

    /** The oldest question gets its answer. */
    void answers(String rest) {
        open.remove().accept(bytes("{'jsonrpc':'2.0','id':99," + rest + "}"));
    }

    /** All questions are answered by the host. */
    void isGone() {
        List<Consumer<byte[]>> all = List.copyOf(open);
        open.clear();
        all.forEach(each -> each.accept(Errors.lost("99")));
    }

    List<String> events() {
        List<String> all = List.copyOf(events);
        events.clear();
        return all;
    }

    static byte[] bytes(String line) {
        return line.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    static Envelope message(String line) {
        return Envelope.of(bytes(line)).orElseThrow();
    }

    static RawValue id(int number) {
        String id = Integer.toString(number);
        return new RawValue(id, id);
    }
}
