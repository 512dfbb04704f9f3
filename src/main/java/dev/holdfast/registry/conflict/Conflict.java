package dev.holdfast.registry.conflict;

import dev.holdfast.registry.InstanceRecord;
import dev.holdfast.text.Printable;
import dev.holdfast.text.ShellWord;
import java.util.List;
import java.util.Optional;

/**
 * Something about one instance or two that somebody should look at.
 *
 * @param type what it is
 * @param isConflict whether it is a conflict, and not a warning only
 * @param severity how bad
 * @param instance whose it is; of two, the one that came later
 * @param other with whom; empty for what an instance is alone with
 * @param keys the parts of their configurations that differ
 * @param overlap what their folders have to do with each other
 * @param port at which both say to serve; 0 for none
 */
public record Conflict(
        Type type,
        boolean isConflict,
        Severity severity,
        InstanceRecord instance,
        Optional<InstanceRecord> other,
        List<String> keys,
        Overlap overlap,
        int port) {
    /** Copies the list. */
    public Conflict {
        keys = List.copyOf(keys);
    }

    /** What it can be. */
    public enum Type {
        /** Two instances of one name, or on the same data, are made of different things. */
        CONFIGURATION_MISMATCH("configuration_mismatch", "Inconsistent behavior, cache conflicts"),
        /** Two instances work on the same data, or serve at the same port. */
        MULTIPLE_INSTANCES("multiple_instances", "Resource contention, potential confusion"),
        /** An instance was killed and has left its file. */
        STALE_INSTANCE("stale_instance", "False conflict warnings");

        private final String word;
        private final String impact;

        Type(String word, String impact) {
            this.word = word;
            this.impact = impact;
        }

        /** As in JSON. */
        public String word() {
            return word;
        }

        /** What may come of it. */
        public String impact() {
            return impact;
        }
    }

    /** How bad it is. */
    public enum Severity {
        HIGH("high"),
        WARNING("warning"),
        LOW("low");

        private final String word;

        Severity(String word) {
            this.word = word;
        }

        /** As in JSON. */
        public String word() {
            return word;
        }
    }

    /** What was found, in a sentence. */
    public String details() {
        return switch (type) {
            case CONFIGURATION_MISMATCH -> "Different " + String.join(", ", keys) + " configuration detected";
            case MULTIPLE_INSTANCES ->
                port > 0
                        ? "Multiple servers running simultaneously at port " + port
                        : "Multiple servers running simultaneously on the same directories";
            case STALE_INSTANCE -> "Orphaned instance file from a terminated process";
        };
    }

    /**
     * What to do about it.
     *
     * @param resolve the command that clears this registry, for a shell
     */
    public String recommendation(String resolve) {
        return switch (type) {
            case CONFIGURATION_MISMATCH -> "Standardize configuration across instances, or stop one: " + stop();
            case MULTIPLE_INSTANCES ->
                (port > 0 ? "Give each a --port of its own" : "Give each a --data-dir of its own") + ", or stop one: "
                        + stop();
            case STALE_INSTANCE -> "Remove its file: " + resolve + " --yes";
        };
    }

    private String stop() {
        return instance.lockFile().isEmpty()
                ? "kill " + instance.lock().launcher().pid()
                : "holdfast stop --lock-file " + ShellWord.quoted(Printable.line(instance.lockFile()));
    }
}
