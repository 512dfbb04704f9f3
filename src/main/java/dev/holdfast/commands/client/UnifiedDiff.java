package dev.holdfast.commands.client;

import java.util.ArrayList;
import java.util.List;

/** What differs between two texts, by lines, with three lines around it, as diff(1) -u prints it. */
final class UnifiedDiff {
    private static final int CONTEXT = 3;

    private final List<String> before;
    private final List<String> after;
    /** A line of the result each: a mark, and the text. */
    private final List<String> lines = new ArrayList<>();

    private UnifiedDiff(String before, String after) {
        this.before = before.lines().toList();
        this.after = after.lines().toList();
    }

    /** The difference; empty when there is none. */
    static String of(String name, String before, String after) {
        UnifiedDiff diff = new UnifiedDiff(before, after);
        diff.compare();
        String hunks = diff.hunks();
        return hunks.isEmpty() ? "" : "--- " + name + "\n+++ " + name + "\n" + hunks;
    }

    /**
     * Line by line, since nearly all of them are the same: where two differ, up to the nearest pair of lines further on that are
     * the same.
     */
    private void compare() {
        int old = 0;
        int young = 0;
        while (old < before.size() || young < after.size()) {
            if (old < before.size() && young < after.size() && before.get(old).equals(after.get(young))) {
                lines.add(" " + before.get(old++));
                young++;
                continue;
            }
            int[] same = nextSame(old, young);
            while (old < same[0]) {
                lines.add("-" + before.get(old++));
            }
            while (young < same[1]) {
                lines.add("+" + after.get(young++));
            }
        }
    }

    private int[] nextSame(int old, int young) {
        int most = before.size() - old + after.size() - young;
        for (int distance = 1; distance < most; distance++) {
            for (int step = Math.max(0, distance - (after.size() - young - 1));
                    step <= distance && old + step < before.size();
                    step++) {
                if (before.get(old + step).equals(after.get(young + distance - step))) {
                    return new int[] {old + step, young + distance - step};
                }
            }
        }
        return new int[] {before.size(), after.size()};
    }

    private String hunks() {
        StringBuilder text = new StringBuilder();
        int at = 0;
        int oldLine = 1;
        int youngLine = 1;
        while (at < lines.size()) {
            int end = endOfHunk(at);
            if (end > at) {
                List<String> hunk = lines.subList(at, end);
                text.append("@@ -").append(oldLine).append(',').append(count(hunk, '+'));
                text.append(" +")
                        .append(youngLine)
                        .append(',')
                        .append(count(hunk, '-'))
                        .append(" @@\n");
                hunk.forEach(line -> text.append(line).append('\n'));
            }
            int next = Math.max(end, at + 1);
            oldLine += count(lines.subList(at, next), '+');
            youngLine += count(lines.subList(at, next), '-');
            at = next;
        }
        return text.toString();
    }

    /** Behind the hunk that begins there; the place itself when none does. */
    private int endOfHunk(int start) {
        int last = -1;
        int limit = start + CONTEXT;
        for (int at = start; at < lines.size() && at <= limit; at++) {
            if (lines.get(at).charAt(0) != ' ') {
                last = at;
                limit = at + 2 * CONTEXT + 1;
            }
        }
        return last < 0 ? start : Math.min(lines.size(), last + 1 + CONTEXT);
    }

    /** How many are not of that mark. */
    private static int count(List<String> lines, char mark) {
        return (int) lines.stream().filter(line -> line.charAt(0) != mark).count();
    }
}
