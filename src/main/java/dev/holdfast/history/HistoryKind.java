package dev.holdfast.history;

import java.util.Optional;

/** What can happen to an instance, as far as its history tells. */
public enum HistoryKind {
    START("start"),
    READY("ready"),
    RESTART("restart"),
    STOP("stop"),
    REFUSAL("refusal"),
    TAKEOVER("takeover"),
    CRASH("crash");

    private final String word;

    HistoryKind(String word) {
        this.word = word;
    }

    /** What stands in the file. */
    public String word() {
        return word;
    }

    /** The kind of a word; empty for one of a later version. */
    public static Optional<HistoryKind> of(String word) {
        for (HistoryKind kind : values()) {
            if (kind.word.equals(word)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
