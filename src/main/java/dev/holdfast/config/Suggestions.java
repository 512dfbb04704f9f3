package dev.holdfast.config;

import java.util.List;

/** What somebody may have meant who typed something that does not exist. */
final class Suggestions {
    private static final int FARTHEST = 3;

    private Suggestions() {}

    /** The candidate with the fewest changes of letters, up to three; empty when none is near. */
    static String nearest(String typed, List<String> candidates) {
        String best = "";
        int distance = FARTHEST + 1;
        for (String candidate : candidates) {
            int d = distance(typed, candidate);
            if (d < distance) {
                distance = d;
                best = candidate;
            }
        }
        return best;
    }

    /** Levenshtein's distance, one row at a time. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(row[j], row[j - 1]) + 1, diagonal + change);
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
