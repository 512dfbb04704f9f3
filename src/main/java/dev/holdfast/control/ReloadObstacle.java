package dev.holdfast.control;

import dev.holdfast.json.FlatObject;
import dev.holdfast.json.FlatObjectWriter;
import dev.holdfast.posix.signals.Signals;
import java.util.Locale;
import java.util.Optional;

/** Why a server is not told to read its configuration again. Its words are made here, for whoever tells them. */
public sealed interface ReloadObstacle {
    /** In half a sentence. */
    String words();

    /**
     * What was seen.
     *
     * @param kind what
     * @param signal which the server would get; 0 where none matters
     */
    record Seen(Kind kind, int signal) implements ReloadObstacle {
        @Override
        public String words() {
            return kind.words.replace(Kind.SIGNAL, "SIG" + Signals.name(signal));
        }
    }

    /**
     * What a launcher says that names no kind: an older one, or one that is not meant.
     *
     * @param words as it said it
     */
    record Told(String words) implements ReloadObstacle {}

    /** What can be seen. */
    enum Kind {
        /** No server runs. */
        NOT_RUNNING("the server does not run now"),
        /** The signal for it is mapped to none. */
        NO_SIGNAL("HUP is mapped to nothing"),
        /** It cannot be seen what the signal does. A server that is just gone gets nothing, either. */
        UNSEEN("it cannot be told what the server does at SIGNAL, since /proc does not show it"),
        /** The signal does nothing. */
        IGNORED("the server ignores SIGNAL"),
        /** The signal is its end. */
        DEADLY("no handler for SIGNAL: the server would die of it"),
        /** The signal stops it until somebody continues it. */
        STOPPING("no handler for SIGNAL: the server would be stopped"),
        /** It has no launcher, and its JVM has a handler for the signal that ends it. */
        EMBEDDED("it guards itself by the library, and a JVM shuts down at SIGHUP");

        private static final String SIGNAL = "SIGNAL";

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        private String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Adds it to a refusal: as text, which every version reads, and in its parts. */
    default FlatObjectWriter addTo(FlatObjectWriter json) {
        json.text("error", words());
        return this instanceof Seen seen
                ? json.text("obstacle", seen.kind().key()).number("signal", seen.signal())
                : json;
    }

    /**
     * Reads the parts of an answer; empty where it has none that are known.
     *
     * @param answer what came from a launcher, of whatever version
     */
    static Optional<ReloadObstacle> in(FlatObject answer) {
        String key = answer.text("obstacle").orElse("");
        if (key.isEmpty()) {
            return Optional.empty();
        }
        int signal = (int) answer.number("signal", 0);
        for (Kind kind : Kind.values()) {
            if (kind.key().equals(key)) {
                return Optional.of(new Seen(kind, signal));
            }
        }
        return Optional.empty();
    }
}
