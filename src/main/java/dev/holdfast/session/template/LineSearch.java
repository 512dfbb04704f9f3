package dev.holdfast.session.template;

import dev.holdfast.session.template.Span.Style;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds the lines of a TOML text in which a member may stand, since the parser does not tell. Not safe for use by many threads. */
final class LineSearch {
    private final String[] lines;
    /** By name and value: how many lines were passed. */
    private final Map<String, Integer> passed = new HashMap<>();

    LineSearch(String text, List<Span> spans) {
        StringBuilder rest = new StringBuilder(text);
        for (Span span : spans) {
            for (int at = span.start(); span.style() == Style.COMMENT && at < span.end(); at++) {
                rest.setCharAt(at, text.charAt(at) == '\n' ? '\n' : ' ');
            }
        }
        lines = rest.toString().split("\n", -1);
    }

    /** The next line that has both, from 1; 0 when there is none. */
    int next(String name, String value) {
        String both = name + "\n" + value;
        for (int i = passed.getOrDefault(both, 0); i < lines.length; i++) {
            if (lines[i].contains(name) && lines[i].contains(value)) {
                passed.put(both, i + 1);
                return i + 1;
            }
        }
        return 0;
    }
}
