package dev.holdfast.json;

import java.util.Arrays;

/**
 * Walks over one JSON value in an array of bytes and tells where its parts stand. Nothing is decoded and nothing copied:
 * what is found can be forwarded byte for byte. Strict, as RFC 8259 has it; whether strings are UTF-8 is not looked at.
 *
 * <p>Depth is counted and not recursed, with a bit for each open bracket, so a line of a million of them costs an array of
 * 125 kB. Takes time in proportion to the length. For one scan, and not for several threads.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8259">RFC 8259, The JavaScript Object Notation (JSON) Data Interchange Format</a>
 */
final class JsonScanner {
    /** Is told of what stands in the outermost containers, as deep as it wants to know. The outermost one's depth is 1. */
    interface Visitor {
        /** A container at this depth begins. */
        void opened(int depth);

        /** A member of the object at this depth has this name, which stands between quotes. */
        void name(int depth, int from, int to);

        /** A member's or an element's value has ended in the container at this depth. */
        void value(int depth, int from, int to);
    }

    /** What may come next. */
    private enum State {
        VALUE,
        VALUE_OR_END,
        NAME,
        NAME_OR_END,
        COMMA_OR_END,
        OVER,
        WRONG
    }

    private final byte[] bytes;
    private final int to;
    private final Visitor visitor;
    /** Where the values begin that the visitor is told of; at 0 the outermost one. */
    private final int[] starts;

    /** Bit by bit, for each open container, whether it is an object. */
    private long[] objects = new long[1];

    private int depth;
    private int at;

    /**
     * A scan that has not begun.
     *
     * @param from the first byte
     * @param to behind the last one
     * @param deepest as deep as the visitor wants to be told, 1 at the least
     */
    JsonScanner(byte[] bytes, int from, int to, int deepest, Visitor visitor) {
        this.bytes = bytes;
        this.at = from;
        this.to = to;
        this.visitor = visitor;
        starts = new int[deepest + 1];
    }

    /**
     * Scans to the end.
     *
     * @return whether there is one value, with nothing but blanks around it; what the visitor was told counts only then
     */
    boolean isWellFormed() {
        State state = State.VALUE;
        while (state != State.OVER && state != State.WRONG) {
            skipBlanks();
            state = at < to ? next(state, bytes[at]) : State.WRONG;
        }
        skipBlanks();
        return state == State.OVER && at == to;
    }

    private State next(State state, byte b) {
        return switch (state) {
            case VALUE -> value(b);
            case VALUE_OR_END -> b == ']' ? closed() : value(b);
            case NAME -> name(b);
            case NAME_OR_END -> b == '}' ? closed() : name(b);
            case COMMA_OR_END -> commaOrEnd(b);
            case OVER, WRONG -> State.WRONG;
        };
    }

    private State value(byte b) {
        if (depth < starts.length) {
            starts[depth] = at;
        }
        return switch (b) {
            case '{' -> opened(true);
            case '[' -> opened(false);
            case '"' -> afterValue(skipString());
            case 't' -> afterValue(skipWord("true"));
            case 'f' -> afterValue(skipWord("false"));
            case 'n' -> afterValue(skipWord("null"));
            default -> afterValue(skipNumber());
        };
    }

    private State opened(boolean isObject) {
        at++;
        int word = depth >> 6;
        if (word == objects.length) {
            objects = Arrays.copyOf(objects, 2 * word);
        }
        objects[word] = isObject ? objects[word] | 1L << depth : objects[word] & ~(1L << depth);
        depth++;
        if (depth < starts.length) {
            visitor.opened(depth);
        }
        return isObject ? State.NAME_OR_END : State.VALUE_OR_END;
    }

    private State closed() {
        at++;
        depth--;
        return afterValue(true);
    }

    private State afterValue(boolean isOne) {
        if (!isOne) {
            return State.WRONG;
        }
        if (depth == 0) {
            return State.OVER;
        }
        if (depth < starts.length) {
            visitor.value(depth, starts[depth], at);
        }
        return State.COMMA_OR_END;
    }

    private State commaOrEnd(byte b) {
        boolean isObject = (objects[(depth - 1) >> 6] & 1L << (depth - 1)) != 0;
        if (b == ',') {
            at++;
            return isObject ? State.NAME : State.VALUE;
        }
        return b == (isObject ? '}' : ']') ? closed() : State.WRONG;
    }

    private State name(byte b) {
        int from = at + 1;
        if (b != '"' || !skipString()) {
            return State.WRONG;
        }
        if (depth < starts.length) {
            visitor.name(depth, from, at - 1);
        }
        skipBlanks();
        if (at == to || bytes[at] != ':') {
            return State.WRONG;
        }
        at++;
        return State.VALUE;
    }

    /** From its first quote to behind its last. By local variables: a simple compiler reads and writes fields at each byte. */
    private boolean skipString() {
        byte[] all = bytes;
        int end = to;
        int i = at + 1;
        while (i < end) {
            byte b = all[i++];
            if (b > '\\' || b < 0 || (b >= ' ' && b != '"' && b != '\\')) {
                continue;
            }
            at = i;
            if (b == '"') {
                return true;
            }
            if (b != '\\' || !skipEscape()) {
                return false;
            }
            i = at;
        }
        at = i;
        return false;
    }

    private boolean skipEscape() {
        byte b = at < to ? bytes[at++] : 0;
        if (b != 'u') {
            return b == '"' || b == '\\' || b == '/' || b == 'b' || b == 'f' || b == 'n' || b == 'r' || b == 't';
        }
        int end = at + 4;
        while (at < to && at < end && isHexadecimal(bytes[at])) {
            at++;
        }
        return at == end;
    }

    private static boolean isHexadecimal(byte b) {
        return isDigit(b) || (b >= 'a' && b <= 'f') || (b >= 'A' && b <= 'F');
    }

    private boolean skipWord(String word) {
        for (int i = 0; i < word.length(); i++, at++) {
            if (at == to || bytes[at] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private boolean skipNumber() {
        takes('-');
        boolean isWhole = takes('0') || skipDigits();
        boolean isFraction = !takes('.') || skipDigits();
        boolean isPower = true;
        if (takes('e') || takes('E')) {
            boolean unused = takes('-') || takes('+');
            isPower = skipDigits();
        }
        return isWhole && isFraction && isPower;
    }

    private boolean skipDigits() {
        int from = at;
        while (at < to && isDigit(bytes[at])) {
            at++;
        }
        return at > from;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private boolean takes(char wanted) {
        boolean is = at < to && bytes[at] == wanted;
        at += is ? 1 : 0;
        return is;
    }

    private void skipBlanks() {
        while (at < to && (bytes[at] == ' ' || bytes[at] == '\n' || bytes[at] == '\t' || bytes[at] == '\r')) {
            at++;
        }
    }
}
