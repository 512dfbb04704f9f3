package dev.holdfast.commands.help;

import java.util.List;
import java.util.Locale;

/**
 * One manual page in the language of man(7). Each text is escaped here, so nobody else has to know it: a backslash, and a dot or an
 * apostrophe at the beginning of a line, which would be a request. Hyphens are printed as they are typed, to be copied. ASCII.
 */
final class ManualText {
    private final StringBuilder text = new StringBuilder();

    /** A page in section 1. */
    ManualText(String name, String version) {
        text.append(".TH \"").append(name.toUpperCase(Locale.ROOT)).append("\" \"1\" \"\" \"Holdfast ");
        text.append(version).append("\" \"User Commands\"\n");
        text.append(".nh\n.ad l\n"); // no hyphen that is not typed
    }

    ManualText section(String heading) {
        text.append(".SH \"").append(heading).append("\"\n");
        return this;
    }

    ManualText subsection(String heading) {
        text.append(".SS \"").append(escaped(heading)).append("\"\n");
        return this;
    }

    ManualText line(String words) {
        text.append(escaped(words)).append('\n');
        return this;
    }

    /** A term in bold, and behind it what it means. */
    ManualText item(String term, String meaning) {
        text.append(".TP\n\\fB").append(escaped(term)).append("\\fR\n");
        return line(meaning);
    }

    /** Lines that are not filled. */
    ManualText verbatim(List<String> lines) {
        text.append(".nf\n");
        lines.forEach(this::line);
        text.append(".fi\n");
        return this;
    }

    private static String escaped(String words) {
        StringBuilder escaped = new StringBuilder();
        if (words.startsWith(".") || words.startsWith("'")) {
            escaped.append("\\&");
        }
        for (int i = 0; i < words.length(); i++) {
            char c = words.charAt(i);
            switch (c) {
                case '\\' -> escaped.append("\\e");
                case '-' -> escaped.append("\\-");
                case '\'' -> escaped.append("\\(aq");
                case '"' -> escaped.append("\\(dq");
                case '^' -> escaped.append("\\(ha");
                case '~' -> escaped.append("\\(ti");
                case '`' -> escaped.append("\\(ga");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
