package dev.holdfast.share.http;

import com.sun.net.httpserver.HttpExchange;
import dev.holdfast.json.Batch;
import dev.holdfast.json.Envelope;
import dev.holdfast.json.Envelope.Member;
import dev.holdfast.json.Parts;
import dev.holdfast.share.Errors;
import dev.holdfast.share.RawValue;
import dev.holdfast.text.Printable;
import java.io.IOException;
import java.util.Optional;

/** {@code /mcp}: each message of a client is a request of HTTP, and its answer is that one's, or a stream of events. */
final class McpHandler implements Handler {
    static final String PATH = "/mcp";
    private static final String SESSION = "Mcp-Session-Id";
    private static final String INITIALIZE = "initialize";
    private static final String CLIENT_NAME = "params/clientInfo/name";
    private static final int LONGEST_NAME = 64;

    private final HostThread host;
    private final Bodies bodies;

    /** For a host. */
    McpHandler(HostThread host, Bodies bodies) {
        this.host = host;
        this.bodies = bodies;
    }

    @Override
    public Optional<Answer> handle(HttpExchange exchange) throws IOException, InterruptedException {
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        return switch (exchange.getRequestMethod()) {
            case "POST" -> post(exchange);
            case "GET" -> get(exchange);
            case "DELETE" -> Optional.of(delete(exchange));
            default -> Optional.of(noSuchMethod(exchange, "POST, GET, DELETE"));
        };
    }

    private static Answer noSuchMethod(HttpExchange exchange, String methods) {
        exchange.getResponseHeaders().set("Allow", methods);
        return Answer.error(Answer.NO_SUCH_METHOD, "only " + methods);
    }

    private Optional<Answer> post(HttpExchange exchange) throws IOException, InterruptedException {
        if (!MediaTypes.isJson(exchange)) {
            return Optional.of(
                    Answer.error(Answer.NO_SUCH_MEDIA_TYPE, "a message has the Content-Type " + MediaTypes.JSON));
        }
        try (Bodies.Body body = bodies.read(exchange)) {
            return switch (body.verdict()) {
                case TOO_LONG ->
                    Optional.of(Answer.error(
                            Answer.TOO_LARGE, "a message has " + bodies.longestMessage() + " bytes at the most"));
                case NO_ROOM ->
                    Optional.of(Answer.error(Answer.UNAVAILABLE, "too much comes at once; try again in a moment"));
                case WHOLE -> message(exchange, body.bytes());
            };
        }
    }

    private Optional<Answer> message(HttpExchange exchange, byte[] bytes) throws IOException, InterruptedException {
        byte[] line = MediaTypes.asOneLine(bytes);
        Optional<Envelope> found = Envelope.of(line);
        Optional<Answer> problem =
                found.isEmpty() ? Optional.of(noMessage(line)) : problem(exchange, line, found.get());
        if (found.isEmpty() || problem.isPresent()) {
            return problem;
        }
        Envelope message = found.get();
        boolean isRequest = message.has(Member.METHOD) && message.has(Member.ID);
        if (ProtocolHeaders.isModern(exchange)) {
            return inSessionOfItsOwn(exchange, line, message, isRequest);
        }
        if (isRequest && message.text(Member.METHOD).orElse("").equals(INITIALIZE)) {
            return initialize(exchange, line, message);
        }
        String id = Gate.header(exchange, SESSION);
        if (id.isEmpty()) {
            return Optional.of(Answer.error(Answer.BAD_REQUEST, "no " + SESSION + ": initialize comes first"));
        }
        Optional<Session> session = session(id);
        if (session.isEmpty()) {
            return Optional.of(noSession());
        }
        Exchange one = new Exchange(exchange, host, session.get());
        return pass(one, line, message, isRequest);
    }

    private static Optional<Answer> pass(Exchange one, byte[] line, Envelope message, boolean isRequest)
            throws IOException, InterruptedException {
        if (isRequest) {
            one.ask(line, message);
            return Optional.empty();
        }
        return Optional.of(one.tell(line, message));
    }

    private static Answer noMessage(byte[] line) {
        return Batch.of(line).isPresent()
                ? invalid("batches are not forwarded by a shared server")
                : new Answer(
                        Answer.BAD_REQUEST,
                        Errors.answer(Errors.NO_ID, Errors.PARSE, "this is no message of JSON-RPC"));
    }

    private static Answer invalid(String why) {
        return new Answer(Answer.BAD_REQUEST, Errors.answer(Errors.NO_ID, Errors.INVALID_REQUEST, why));
    }

    /** What the multiplexer would answer without an id, so that nobody could tell whose answer it is. */
    private static Optional<Answer> problem(HttpExchange exchange, byte[] line, Envelope message) {
        if (message.hasRepeated()) {
            return Optional.of(invalid("a member that tells whose this is stands twice in it"));
        }
        if (message.has(Member.METHOD) && !message.isString(Member.METHOD)) {
            return Optional.of(invalid("a method is a string"));
        }
        boolean isAnswer = message.has(Member.RESULT) || message.has(Member.ERROR);
        if (message.has(Member.METHOD) ? isAnswer : !(isAnswer && message.has(Member.ID))) {
            return Optional.of(invalid("this is neither a request, nor a notification, nor an answer"));
        }
        if (message.has(Member.ID) && RawValue.of(line, message, Member.ID).isEmpty()) {
            return Optional.of(invalid("an id is a string or an integer"));
        }
        return ProtocolHeaders.problem(exchange, line, message);
    }

    private Optional<Session> session(String id) throws InterruptedException {
        return host.ask(sessions -> sessions.use(id));
    }

    private static Answer noSession() {
        return Answer.error(
                Answer.NOT_FOUND, "there is no such session, or none any more: initialize begins another one");
    }

    private static Answer noRoom(HttpExchange exchange) {
        exchange.getResponseHeaders().set("Retry-After", "1");
        return Answer.error(Answer.UNAVAILABLE, "there is no room for another client now, or the server is stopping");
    }

    private Optional<Answer> initialize(HttpExchange exchange, byte[] line, Envelope message)
            throws IOException, InterruptedException {
        if (!Gate.header(exchange, SESSION).isEmpty()) {
            return Optional.of(Answer.error(Answer.BAD_REQUEST, "initialize begins a session, and is in none"));
        }
        String said = Parts.of(line, CLIENT_NAME).text(CLIENT_NAME).orElse("");
        Optional<Sessions.Opened> opened = open(said.isEmpty() ? agent(exchange) : said, false);
        if (opened.isEmpty()) {
            return Optional.of(noRoom(exchange));
        }
        Exchange one = new Exchange(exchange, host, opened.get().session())
                .withHeaderOnSuccess(SESSION, opened.get().id());
        return pass(one, line, message, true);
    }

    private Optional<Answer> inSessionOfItsOwn(HttpExchange exchange, byte[] line, Envelope message, boolean isRequest)
            throws IOException, InterruptedException {
        Optional<Sessions.Opened> opened = open(agent(exchange), true);
        if (opened.isEmpty()) {
            return Optional.of(noRoom(exchange));
        }
        Exchange one = new Exchange(exchange, host, opened.get().session());
        return pass(one, line, message, isRequest);
    }

    private Optional<Sessions.Opened> open(String name, boolean isForOneRequest) throws InterruptedException {
        String plain = Printable.plain(name, LONGEST_NAME);
        return host.ask(sessions -> sessions.open(plain, isForOneRequest));
    }

    private static String agent(HttpExchange exchange) {
        return Gate.header(exchange, "User-Agent");
    }

    private Optional<Answer> get(HttpExchange exchange) throws IOException, InterruptedException {
        if (ProtocolHeaders.isModern(exchange)) {
            return Optional.of(noSuchMethod(exchange, "POST"));
        }
        if (!MediaTypes.takesEvents(exchange)) {
            return Optional.of(Answer.error(
                    Answer.NOT_ACCEPTABLE, "GET is answered by " + MediaTypes.EVENTS + ", which Accept does not name"));
        }
        String id = Gate.header(exchange, SESSION);
        if (id.isEmpty()) {
            return Optional.of(Answer.error(Answer.BAD_REQUEST, "no " + SESSION + ": initialize comes first"));
        }
        Optional<Session> session = session(id);
        if (session.isEmpty()) {
            return Optional.of(noSession());
        }
        new Exchange(exchange, host, session.get()).listen();
        return Optional.empty();
    }

    private Answer delete(HttpExchange exchange) throws InterruptedException {
        if (ProtocolHeaders.isModern(exchange)) {
            return noSuchMethod(exchange, "POST");
        }
        String id = Gate.header(exchange, SESSION);
        if (id.isEmpty()) {
            return Answer.error(Answer.BAD_REQUEST, "no " + SESSION);
        }
        Optional<Session> session = session(id);
        if (session.isEmpty()) {
            return noSession();
        }
        host.run(session.get()::close);
        return Answer.of(Answer.NO_CONTENT);
    }
}
