package dev.holdfast.session.template;

/**
 * One of the things that a file says, in their order.
 *
 * @param kind what it is
 * @param text of a scalar, decoded; empty for a number in TOML, whose writing the parser does not keep
 * @param line where it begins, from 1; 0 where the parser does not tell
 */
record Part(Kind kind, String text, int line) {
    /** What it is. */
    enum Kind {
        DOCUMENT,
        MAP,
        LIST,
        END,
        /** The name of a map's member. */
        NAME,
        /** A text. */
        TEXT,
        /** A scalar without quotes. */
        BARE,
        /** YAML's reference to another part. */
        ALIAS
    }

    boolean isScalar() {
        return kind == Kind.TEXT || kind == Kind.BARE;
    }

    /** Whether another file's part says the same, however it is written. */
    boolean isSameAs(Part other) {
        return isScalar()
                ? other.isScalar() && (text.equals(other.text) || (kind == Kind.BARE && text.isEmpty()))
                : kind == other.kind && text.equals(other.text);
    }

    /** The same with another text. */
    Part saying(String other) {
        return new Part(kind, other, line);
    }
}
