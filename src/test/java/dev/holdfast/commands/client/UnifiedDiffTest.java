package dev.holdfast.commands.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code --dry-run} shows. */
class UnifiedDiffTest {
    /** A letter for each line. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "abc        | abc        | ''",
                "abc        | aXc        | '@@ -1,3 +1,3 @@; a;-b;+X; c;'",
                "abcdefgh   | abcdXefgh  | '@@ -2,6 +2,7 @@; b; c; d;+X; e; f; g;'",
                "abcdefgh   | bcdefgh    | '@@ -1,4 +1,3 @@;-a; b; c; d;'",
                "abcdefgh   | abcdefghX  | '@@ -6,3 +6,4 @@; f; g; h;+X;'",
                "''         | X          | '@@ -1,0 +1,1 @@;+X;'",
                "Xabcdefghi | Yabcdefghi | '@@ -1,4 +1,4 @@;-X;+Y; a; b; c;'",
                "XabcdefX   | YabcdefY   | '@@ -1,8 +1,8 @@;-X;+Y; a; b; c; d; e; f;-X;+Y;'",
                "XabcdefgX  | YabcdefgY  | '@@ -1,4 +1,4 @@;-X;+Y; a; b; c;@@ -6,4 +6,4 @@; e; f; g;-X;+Y;'"
            })
    void linesAroundAChangeAreShownAndNoOthers(String before, String after, String hunks) {
        String diff = UnifiedDiff.of("f", lines(before), lines(after));
        String head = hunks.isEmpty() ? "" : "--- f\n+++ f\n";
        assertThat(diff).isEqualTo(head + hunks.replace(";", "\n"));
    }

    private static String lines(String letters) {
        return letters.replaceAll("(.)", "$1\n");
    }
}
