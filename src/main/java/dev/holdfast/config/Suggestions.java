package dev.holdfast.config;

import java.util.List;

/**
 * What somebody may have meant who typed something that does not exist. A wrong guess costs more than none: the longer a
 * word is, the more of its letters may be wrong, and of a short one only a single one.
 */
public final class Suggestions {
    private static final int LETTERS_PER_MISTAKE = 4;
    private static final int MOST_MISTAKES = 3;
    /** Fewer letters begin too many words. */
    private static final int BEGINNING = 3;

    private Suggestions() {}

    /**
     * The candidate that takes the fewest mistakes of typing: a letter that is wrong, missing or too many, or two that
     * changed places. Else the only one that begins so.
     *
     * @param candidates what exists; of two that are equally near, the first one wins
     * @return the nearest; empty when none is near enough to be meant
     */
    public static String nearest(String typed, List<String> candidates) {
        String best = "";
        int distance = mistakesAllowed(typed) + 1; // none for a single letter, which would be near to every other one
        for (String candidate : candidates) {
            int d = distance(typed, candidate);
            if (d < distance) {
                distance = d;
                best = candidate;
            }
        }
        return best.isEmpty() ? onlyOneBeginningWith(typed, candidates) : best;
    }

    private static String onlyOneBeginningWith(String typed, List<String> candidates) {
        String found = "";
        for (String candidate : candidates) {
            if (typed.length() >= BEGINNING && candidate.startsWith(typed)) {
                if (!found.isEmpty()) {
                    return "";
                }
                found = candidate;
            }
        }
        return found;
    }

    /** None for a single letter, one for up to seven, two for up to eleven, then three; the hyphens before an option's name do not count. */
    private static int mistakesAllowed(String typed) {
        int letters = typed.length();
        while (letters > 0 && typed.charAt(typed.length() - letters) == '-') {
            letters--;
        }
        return letters < 2 ? 0 : Math.min(MOST_MISTAKES, Math.max(1, letters / LETTERS_PER_MISTAKE));
    }

    /** Levenshtein's distance with transpositions of neighbours (optimal string alignment), three rows at a time. */
    private static int distance(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + change);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            int[] oldest = beforeLast;
            beforeLast = last;
            last = row;
            row = oldest;
        }
        return last[b.length()];
    }
}
