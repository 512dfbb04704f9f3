package dev.holdfast.share.http;

import com.sun.net.httpserver.HttpExchange;
import dev.holdfast.json.Envelope;
import dev.holdfast.json.Envelope.Member;
import dev.holdfast.json.Parts;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One request of HTTP that waits for what the server says. What is answered soon, and has nothing before it, is plain JSON; all
 * else is a stream of events, where the client takes one. For its own thread.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">HTML, 9.2 Server-sent events</a>
 */
final class Exchange {
    /** After so much silence something is sent, before the client or a proxy takes the connection for a dead one. */
    private static final Duration SILENCE = Duration.ofSeconds(15);
    /** For a client whose leaving is to be noticed: only a write that fails tells of it. */
    private static final Duration SHORT_SILENCE = Duration.ofSeconds(1);

    private static final byte[] SIGN_OF_LIFE = ":\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BEFORE = "event: message\ndata: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] AFTER = "\n\n".getBytes(StandardCharsets.US_ASCII);

    private final HttpExchange exchange;
    private final HostThread host;
    private final Session session;
    private final Duration silence;
    private String header = "";
    private String value = "";

    /** One of a session. */
    Exchange(HttpExchange exchange, HostThread host, Session session) {
        this.exchange = exchange;
        this.host = host;
        this.session = session;
        silence = session.isForOneRequest() ? SHORT_SILENCE : SILENCE;
    }

    /** The answer has this header unless it is an error, after which the session ends. It is no stream. */
    Exchange withHeaderOnSuccess(String name, String text) {
        header = name;
        value = text;
        return this;
    }

    /** Asks the server, and sends what it answers. Blocks until that is done, or nobody waits for it any more. */
    void ask(byte[] line, Envelope message) throws IOException, InterruptedException {
        try (Mailbox box = new Mailbox(header.isEmpty() && MediaTypes.takesEvents(exchange))) {
            host.run(() -> session.ask(line, message, box));
            boolean isWhole = false;
            try {
                Mailbox.Letter first = box.take(silence);
                while (!box.isStream() && first == null) {
                    first = box.take(silence);
                }
                if (first == null || !first.isLast() || box.isTakenBack()) {
                    stream(box, first);
                } else {
                    answer(first);
                }
                isWhole = true;
            } finally {
                leave(box, isWhole && !session.isForOneRequest());
            }
        }
    }

    private void leave(Mailbox box, boolean isInOrder) {
        if (!isInOrder) {
            host.run(() -> session.left(box));
        }
    }

    /** Gives the server what is not answered. Blocks until it has been taken. */
    Answer tell(byte[] line, Envelope message) throws InterruptedException {
        try (Mailbox box = new Mailbox(false)) {
            host.run(() -> session.tell(line, message, box));
            while (box.take(silence) == null) {
                // The host takes it when the server has taken what came before.
            }
            return Answer.of(Answer.ACCEPTED);
        }
    }

    private void answer(Mailbox.Letter letter) throws IOException {
        byte[] line = letter.line();
        if (letter.isEnd()) {
            Answer end = session.isForOneRequest()
                    ? Answer.error(Answer.UNAVAILABLE, "the server is stopping")
                    : Answer.error(Answer.NOT_FOUND, "the session has ended");
            end.send(exchange);
            return;
        }
        boolean isError =
                Envelope.of(line).map(message -> message.has(Member.ERROR)).orElse(true);
        if (!header.isEmpty() && isError) {
            host.run(session::close);
        } else if (!header.isEmpty()) {
            exchange.getResponseHeaders().set(header, value);
        }
        try {
            int status = isError && session.isForOneRequest()
                    ? Answer.ofErrorCode(Parts.of(line, "error/code").json("error/code"))
                    : Answer.OK;
            new Answer(status, line).send(exchange);
        } finally {
            host.taken(session, line.length);
        }
    }

    /** Tells what is nobody's answer, until the client or the session leaves. Blocks. */
    void listen() throws IOException, InterruptedException {
        try (Mailbox box = new Mailbox(true)) {
            host.run(() -> session.listen(box));
            boolean isWhole = false;
            try {
                stream(box, null);
                isWhole = true;
            } finally {
                leave(box, isWhole);
            }
        }
    }

    private void stream(Mailbox box, Mailbox.@Nullable Letter first) throws IOException, InterruptedException {
        exchange.getResponseHeaders().set("Content-Type", MediaTypes.EVENTS);
        exchange.getResponseHeaders().set("X-Accel-Buffering", "no"); // a proxy is to pass on each event at once
        Mailbox.Letter letter = first;
        try {
            exchange.sendResponseHeaders(Answer.OK, 0);
        } catch (IOException e) {
            host.taken(session, letter == null ? 0 : letter.line().length);
            throw e;
        }
        OutputStream body = exchange.getResponseBody();
        send(body, letter);
        while (letter == null || !letter.isLast()) {
            letter = box.take(silence);
            send(body, letter);
        }
        body.close();
    }

    private void send(OutputStream body, Mailbox.@Nullable Letter letter) throws IOException {
        if (letter == null || letter.isEnd()) {
            body.write(SIGN_OF_LIFE);
            body.flush();
            return;
        }
        try {
            body.write(BEFORE);
            MediaTypes.write(body, MediaTypes.inOneLine(letter.line()));
            body.write(AFTER);
            body.flush();
        } finally {
            host.taken(session, letter.line().length);
        }
    }
}
