package dev.holdfast.control;

import dev.holdfast.json.FlatObject;
import dev.holdfast.json.FlatObjectWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * What somebody asks a launcher by its control socket, one line of JSON: {@code {"holdfast":1,"request":"status"}}.
 *
 * @param verb what is asked
 * @param instanceId of whom, so that nobody is asked in the place of a predecessor; empty for whoever is there
 * @param grace how long a server that is stopped has; empty for what it has always
 * @param host where the asking process says to be; not trusted, for the audit trail only
 * @param pid the asking process, there
 */
public record ControlCall(Verb verb, String instanceId, Optional<Duration> grace, String host, int pid) {
    /** The protocol's version. Keys that are not known are passed over, so it changes only when a meaning does. */
    static final int PROTOCOL = 1;

    private static final long LONGEST_GRACE_MILLIS = 366L * 24 * 3600 * 1000;

    /** What can be asked. */
    public enum Verb {
        /** Tell how it goes. */
        STATUS,
        /** Stop the server for good. */
        STOP,
        /** The same, since another start wants the place. */
        YIELD,
        /** Stop the server and start it again. */
        RESTART,
        /** Let the server read its configuration again. */
        RELOAD;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
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
        FlatObject fields =
                FlatObject.parse(line).orElseThrow(() -> new RefusedException("not a line of JSON, or too long"));
        if (fields.number("holdfast", 0) != PROTOCOL) {
            throw new RefusedException("protocol 1 is spoken here: \"holdfast\":1");
        }
        String word = fields.text("request").orElse("");
        for (Verb verb : Verb.values()) {
            if (verb.word().equals(word)) {
                return new ControlCall(
                        verb,
                        ControlAnswer.plain(fields.text("instanceId").orElse("")),
                        grace(fields.number("graceMillis", -1)),
                        ControlAnswer.plain(fields.text("host").orElse("")).replace(' ', '_'),
                        (int) Math.max(0, Math.min(Integer.MAX_VALUE, fields.number("pid", 0))));
            }
        }
        throw new RefusedException("unknown request");
    }

    private static Optional<Duration> grace(long millis) {
        return millis < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(Math.min(LONGEST_GRACE_MILLIS, millis)));
    }

    /** The line, with its newline. */
    public byte[] line() {
        FlatObjectWriter json = new FlatObjectWriter()
                .number("holdfast", PROTOCOL)
                .text("request", verb.word())
                .textIfAny("instanceId", instanceId);
        grace.ifPresent(time -> json.number("graceMillis", time.toMillis()));
        String object = json.textIfAny("host", host).number("pid", pid).end();
        return (object + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
