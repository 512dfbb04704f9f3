package dev.holdfast.share.attach;

import dev.holdfast.console.Console;
import dev.holdfast.console.ExitCode;
import dev.holdfast.json.FlatObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The host's own lines to a client's start, which are none of the client's. Not safe for use by many threads. */
final class HostWords {
    /** Each begins with it, and no JSON text does. */
    static final int MARK = 0x1E;

    private static final int LONGEST = 256 * 1024;

    private final String name;
    private final StderrCopy stderr;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(0);
    private @Nullable Ending ending;

    /**
     * Nothing heard yet.
     *
     * @param stderr gets what the server writes there
     */
    HostWords(String name, StderrCopy stderr) {
        this.name = name;
        this.stderr = stderr;
    }

    /** How it ended, once the host has said so; empty before. */
    Optional<Ending> ending() {
        return Optional.ofNullable(ending);
    }

    /** Takes a part of a line, without its end. What is too long is cut. */
    void add(byte[] part) {
        line.write(part, 0, Math.min(part.length, LONGEST - line.size()));
    }

    /** The line is whole. */
    void lineEnds() {
        byte[] whole = line.toByteArray();
        line.reset();
        // A space in the mark's place is none of the object's.
        if (whole.length > 0) {
            whole[0] = ' ';
        }
        Optional<FlatObject> word = FlatObject.parse(whole);
        if (word.isPresent()) {
            hear(word.get());
        }
    }

    private void hear(FlatObject word) {
        // No method references: the first one of a JVM's life takes 20 ms, and this may be an end.
        Optional<String> copied = word.text("stderr");
        if (copied.isPresent()) {
            stderr.add(copied.get().getBytes(StandardCharsets.ISO_8859_1)); // each character is a byte
        }
        stderr.lost(word.number("lost", 0));
        Optional<String> warning = word.text("warn");
        if (warning.isPresent()) {
            Console.complain(warning.get());
        }
        Optional<String> bye = word.text("bye");
        if (bye.isPresent()) {
            int code = (int) Math.max(0, Math.min(255, word.number("exit", ExitCode.UNAVAILABLE.number())));
            ending = Ending.of(code, "\"" + name + "\" " + text(bye.get()));
        }
    }

    private static String text(String bye) {
        return switch (bye) {
            case "stopped" -> "was stopped";
            case "ended" -> "has ended";
            case "takeover" -> "was ended, since another start takes over";
            case "slow" -> "has let this client go, which did not read what it was sent";
            case "protocol" -> "has let this client go, which sent what is no message";
            default -> "has let this client go: " + bye;
        };
    }
}
