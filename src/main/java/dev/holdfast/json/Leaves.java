package dev.holdfast.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a JSON value says, whatever the order of its members and the blanks between them: equal for two that say the same.
 * Numbers and strings are compared as they are written.
 */
public final class Leaves {
    private static final int DEEPEST = 32;

    private Leaves() {}

    /** Each value in it, with the way to it; empty when it is not JSON. */
    public static List<String> of(byte[] json) {
        Collector collector = new Collector(json);
        if (!new JsonScanner(json, 0, json.length, DEEPEST, collector).isWellFormed()) {
            return List.of();
        }
        Collections.sort(collector.leaves);
        return collector.leaves;
    }

    private static final class Collector implements JsonScanner.Visitor {
        private final byte[] json;
        private final List<String> leaves = new ArrayList<>();
        /** For each open container the name of its member, or null when it is an array. */
        private final @Nullable String[] names = new @Nullable String[DEEPEST + 1];

        private final int[] indexes = new int[DEEPEST + 1];

        Collector(byte[] json) {
            this.json = json;
        }

        @Override
        public void opened(int depth) {
            names[depth] = null;
            indexes[depth] = 0;
        }

        @Override
        public void name(int depth, int from, int to) {
            names[depth] = text(from, to);
        }

        @Override
        public void value(int depth, int from, int to) {
            StringBuilder leaf = new StringBuilder();
            for (int i = 1; i <= depth; i++) {
                String name = names[i];
                leaf.append(name == null ? indexes[i] : '"' + name).append('\n');
            }
            boolean isContainer = json[from] == '{' || json[from] == '[';
            leaf.append(text(from, isContainer && depth < DEEPEST ? from + 1 : to));
            leaves.add(leaf.toString());
            indexes[depth]++;
        }

        private String text(int from, int to) {
            return new String(json, from, to - from, StandardCharsets.ISO_8859_1);
        }
    }
}
