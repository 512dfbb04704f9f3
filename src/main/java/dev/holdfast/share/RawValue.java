package dev.holdfast.share;

import dev.holdfast.json.Envelope;
import dev.holdfast.json.Envelope.Member;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * An id or a token as its sender wrote it: what has to come back byte for byte, and what tells whether two are the same.
 *
 * @param json its bytes, one character each
 * @param key the same for two that a receiver takes for one: a string is compared without its escapes
 */
public record RawValue(String json, String key) {
    /** A number this long is nobody's id; one that is longer costs a parser behind us more than time in proportion. */
    private static final int LONGEST_NUMBER = 400;
    /** Below 2^53. */
    private static final int MOST_DIGITS = 15;

    /** Of a string or an integer, also one beyond 2^53 or with a power of ten; empty for everything else. */
    public static Optional<RawValue> of(byte[] line, Envelope message, Member member) {
        String json = json(line, message, member);
        if (message.isString(member)) {
            return message.text(member).map(text -> new RawValue(json, "\"" + text));
        }
        boolean isInteger = message.isNumber(member)
                && json.length() <= LONGEST_NUMBER
                && json.indexOf('.') < 0
                && json.indexOf('-', 1) < 0;
        return isInteger ? Optional.of(new RawValue(json, json)) : Optional.empty();
    }

    private static String json(byte[] line, Envelope message, Member member) {
        int from = message.from(member);
        return new String(line, from, message.to(member) - from, StandardCharsets.ISO_8859_1);
    }

    /** One of the numbers that are given out here; -1 for anything else. */
    static long ours(byte[] line, Envelope message, Member member) {
        int from = message.from(member);
        int to = message.to(member);
        if (!message.isNumber(member) || to - from > MOST_DIGITS || line[from] == '0') {
            return -1;
        }
        long number = 0;
        for (int i = from; i < to; i++) {
            if (line[i] < '0' || line[i] > '9') {
                return -1;
            }
            number = number * 10 + line[i] - '0';
        }
        return number;
    }
}
