package dev.holdfast.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "plain text, with a ~ and a \"quote\"", "Jürgen", "服务器", "\uD83D\uDE80", "\uFFFD"})
    void whatCanBeReadStays(String text) {
        assertThat(Printable.line(text)).isEqualTo(text);
        assertThat(Printable.lines(text)).isEqualTo(text);
    }

    @Test
    void everyControlFormatAndSeparatorCharacterIsReplaced() {
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            int type = Character.getType(c);
            boolean isHarmful = type == Character.CONTROL
                    || type == Character.FORMAT
                    || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR;
            if (isHarmful) {
                String text = "a" + Character.toString(c) + "b";
                assertThat(Printable.line(text)).as("U+%04X", c).isEqualTo("a?b");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\u001B[31m", "\u009B31m", "\u202Etxt.exe", "\u2066x\u2069", "\u200F", "\u2028", "\u007F", "\r"})
    void whatMovesOrTurnsTheTerminalIsReplaced(String text) {
        assertThat(Printable.line(text)).startsWith("?");
        assertThat(Printable.lines(text)).startsWith("?");
    }

    @Test
    void halfOfASurrogatePairIsReplaced() {
        assertThat(Printable.line("a\uD83Db\uDE80")).isEqualTo("a?b?");
    }

    @Test
    void linesAndTabsStayOnlyInTextOfManyLines() {
        assertThat(Printable.lines("a\n\tb")).isEqualTo("a\n\tb");
        assertThat(Printable.line("a\n\tb")).isEqualTo("a??b");
    }

    @Test
    void lengthCountsCharactersAndNotTheirHalves() {
        assertThat(Printable.line("\uD83D\uDE80\uD83D\uDE80x", 2)).isEqualTo("\uD83D\uDE80\uD83D\uDE80");
        assertThat(Printable.text("x".repeat(100))).hasSize(80);
    }

    @Test
    void plainIsAsciiThatEndsNoQuotation() {
        assertThat(Printable.plain("a\"b\\c\u00fcd", 6)).isEqualTo("a?b?c?");
    }
}
