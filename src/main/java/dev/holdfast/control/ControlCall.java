package dev.holdfast.control;

import dev.holdfast.json.FlatObject;
import dev.holdfast.json.FlatObjectWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * What somebody asks a launcher by its control socket, one line of JSON: {@code {"holdfast":1,"request":"status"}}.
 *
 * <p>Version 2 has the same line, with a payload after it. The launcher says when it has room for that; so a launcher of
 * version 1 refuses the line and never sees the payload. Descriptors come with the line's first byte.
 *
 * @param request what is asked
 * @param instanceId of the instance that is meant, so that no successor is asked instead of it; empty for whoever is there
 * @param grace how long a server that is stopped has; empty for what it has always
 * @param host where the asking process says to be; not trusted, for the audit trail only
 * @param pid the asking process, there
 * @param patience how long whoever asks waits for something to happen; zero when nobody says
 * @param payloadBytes how much follows
 * @param digest of the command that whoever asks would start, for {@link Request#SAME}; empty otherwise
 */
public record ControlCall(
        Request request,
        String instanceId,
        Optional<Duration> grace,
        String host,
        int pid,
        Duration patience,
        int payloadBytes,
        String digest) {
    /** The protocol's version. Keys that are not known are passed over, so it changes only when a meaning does. */
    static final int PROTOCOL = 1;
    /** That of requests which bring more than a line, or take longer than an answer. */
    static final int LONG_PROTOCOL = 2;
    /** With its newline. */
    public static final int LONGEST_LINE = 512;

    private static final long MOST_PATIENCE_MILLIS = 24L * 3600 * 1000;

    private static final long LONGEST_GRACE_MILLIS = 366L * 24 * 3600 * 1000;

    /** A request that is a line and nothing else. */
    public ControlCall(Request request, String instanceId, Optional<Duration> grace, String host, int pid) {
        this(request, instanceId, grace, host, pid, Duration.ZERO, 0);
    }

    /** A request with a payload. */
    public ControlCall(
            Request request,
            String instanceId,
            Optional<Duration> grace,
            String host,
            int pid,
            Duration patience,
            int payloadBytes) {
        this(request, instanceId, grace, host, pid, patience, payloadBytes, "");
    }

    /** The same request about a command. */
    public ControlCall about(String commandDigest) {
        return new ControlCall(request, instanceId, grace, host, pid, patience, payloadBytes, commandDigest);
    }

    /** A line that is not understood. */
    public static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String reason) {
            super(reason, null, false, false);
        }
    }

    /**
     * Reads a line.
     *
     * @param line may hold anything
     * @return what it asks
     * @throws RefusedException with a word for the answer
     */
    public static ControlCall parse(byte[] line) throws RefusedException {
        Optional<FlatObject> object = FlatObject.parse(line);
        if (object.isEmpty()) {
            throw new RefusedException("not a line of JSON, or too long");
        }
        FlatObject fields = object.get();
        long protocol = fields.number("holdfast", 0);
        if (protocol != PROTOCOL && protocol != LONG_PROTOCOL) {
            throw new RefusedException("protocols 1 and 2 are spoken here: \"holdfast\":1");
        }
        String word = fields.text("request").orElse("");
        for (Request request : Request.values()) {
            if (request.isLong() == (protocol == LONG_PROTOCOL)
                    && request.word().equals(word)) {
                return new ControlCall(
                        request,
                        ControlAnswer.plain(fields.text("instanceId").orElse("")),
                        grace(fields.number("graceMillis", -1)),
                        ControlAnswer.plain(fields.text("host").orElse("")).replace(' ', '_'),
                        (int) Math.max(0, Math.min(Integer.MAX_VALUE, fields.number("pid", 0))),
                        Duration.ofMillis(
                                Math.max(0, Math.min(MOST_PATIENCE_MILLIS, fields.number("patienceMillis", 0)))),
                        payloadBytes(fields.number("payloadBytes", 0)),
                        ControlAnswer.plain(fields.text("digest").orElse("")));
            }
        }
        throw new RefusedException("unknown request");
    }

    private static int payloadBytes(long bytes) throws RefusedException {
        if (bytes < 0 || bytes > Payload.LONGEST) {
            throw new RefusedException("a payload has at most " + Payload.LONGEST + " bytes");
        }
        return (int) bytes;
    }

    private static Optional<Duration> grace(long millis) {
        return millis < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(Math.min(LONGEST_GRACE_MILLIS, millis)));
    }

    /** The line, with its newline. */
    public byte[] line() {
        FlatObjectWriter json = new FlatObjectWriter()
                .number("holdfast", request.isLong() ? LONG_PROTOCOL : PROTOCOL)
                .text("request", request.word())
                .textIfAny("instanceId", instanceId);
        if (grace.isPresent()) {
            json.number("graceMillis", grace.get().toMillis());
        }
        if (request.isLong()) {
            json.number("payloadBytes", payloadBytes).number("patienceMillis", patience.toMillis());
        }
        String object = json.textIfAny("digest", digest)
                .textIfAny("host", host)
                .number("pid", pid)
                .end();
        return (object + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
