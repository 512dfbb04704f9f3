package dev.holdfast.json;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where some members stand in a JSON object, however deep, each named by the names on the way to it. For messages that are read
 * once in a while; {@link Envelope} is for all others. Of a member that is there twice the last one counts. Takes memory for
 * what is looked for alone, and throws for no input.
 */
public final class Parts {
    private static final int DEEPEST = 6;

    private final byte[] bytes;
    private final Map<List<String>, Span> spans = new HashMap<>();

    private Parts(byte[] bytes) {
        this.bytes = bytes;
    }

    private record Span(int name, int from, int to) {}

    /**
     * Looks for members.
     *
     * @param bytes kept, not copied
     * @param wanted the names on the way to each, with a slash between them; names with a slash cannot be looked for
     * @return has nothing when the bytes are not JSON
     */
    public static Parts of(byte[] bytes, String... wanted) {
        Parts parts = new Parts(bytes);
        Finder finder = parts.new Finder();
        for (String path : wanted) {
            finder.wanted.add(path(path));
        }
        if (!new JsonScanner(bytes, 0, bytes.length, DEEPEST, finder).isWellFormed()) {
            parts.spans.clear();
        }
        return parts;
    }

    private static List<String> path(String path) {
        return List.of(path.split("/", -1));
    }

    /** Whether it is there, and was looked for. */
    public boolean has(String path) {
        return spans.containsKey(path(path));
    }

    /** Its JSON, one character for each byte; empty when it is not there. */
    public String json(String path) {
        Span span = spans.get(path(path));
        return span == null ? "" : new String(bytes, span.from, span.to - span.from, StandardCharsets.ISO_8859_1);
    }

    /** What it says, when it is a string. */
    public Optional<String> text(String path) {
        Span span = spans.get(path(path));
        if (span == null || bytes[span.from] != '"') {
            return Optional.empty();
        }
        return Optional.ofNullable(JsonStrings.decoded(bytes, span.from + 1, span.to - 1))
                .map(JsonStrings::unescaped);
    }

    /** All bytes but those of a member and of the comma that goes with it. */
    public byte[] without(String path) {
        Span span = spans.get(path(path));
        if (span == null) {
            return bytes;
        }
        int from = span.name;
        int to = skipBlanks(span.to);
        if (bytes[to] == ',') {
            to++;
        } else {
            int before = from - 1;
            while (bytes[before] <= ' ') {
                before--;
            }
            from = bytes[before] == ',' ? before : from;
        }
        ByteArrayOutputStream rest = new ByteArrayOutputStream(bytes.length);
        rest.write(bytes, 0, from);
        rest.write(bytes, to, bytes.length - to);
        return rest.toByteArray();
    }

    private int skipBlanks(int at) {
        int to = at;
        while (bytes[to] <= ' ' && bytes[to] >= 0) {
            to++;
        }
        return to;
    }

    private final class Finder implements JsonScanner.Visitor {
        private final List<List<String>> wanted = new ArrayList<>();
        private final @Nullable String[] names = new @Nullable String[DEEPEST + 1];
        private final int[] starts = new int[DEEPEST + 1];

        @Override
        public void opened(int depth) {
            names[depth] = null;
        }

        @Override
        public void name(int depth, int from, int to) {
            String text = JsonStrings.decoded(bytes, from, to);
            names[depth] = text == null ? null : JsonStrings.unescaped(text);
            starts[depth] = from - 1;
            List<String> path = Arrays.asList(names).subList(1, depth + 1);
            spans.keySet()
                    .removeIf(each ->
                            each.size() >= depth && each.subList(0, depth).equals(path));
        }

        @Override
        public void value(int depth, int from, int to) {
            List<String> path = Arrays.asList(names).subList(1, depth + 1);
            int index = wanted.indexOf(path);
            if (index >= 0) {
                spans.put(wanted.get(index), new Span(starts[depth], from, to));
            }
        }
    }
}
