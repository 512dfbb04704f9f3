package dev.holdfast.commands.client;

/**
 * What stands between the values of a text that was parsed: white space, comments and commas. Comments as in JSON, TOML and YAML:
 * in a text that was parsed as one of these, there are none of the others.
 */
final class TextBetween {
    private TextBetween() {}

    /** Behind the closing quote of the string that begins there. */
    static int stringEnd(String text, int start) {
        int at = start + 1;
        while (text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        return at + 1;
    }

    /** The next character that is neither white space nor part of a comment. */
    static int afterSpaceAndComments(String text, int start) {
        int at = start;
        while (at < text.length()) {
            if (isSpace(text.charAt(at))) {
                at++;
            } else if (text.startsWith("//", at) || text.charAt(at) == '#') {
                while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
                    at++;
                }
            } else if (text.startsWith("/*", at)) {
                at = text.indexOf("*/", at + 2) + 2;
            } else {
                break;
            }
        }
        return at;
    }

    /** Behind the comma that follows a value; where the value ends when none does. */
    static int afterComma(String text, int valueEnd) {
        int next = afterSpaceAndComments(text, valueEnd);
        return next < text.length() && text.charAt(next) == ',' ? next + 1 : valueEnd;
    }

    /** Where the white space right before a place begins. */
    static int beforeSpace(String text, int end) {
        int at = end;
        while (at > 0 && isSpace(text.charAt(at - 1))) {
            at--;
        }
        return at;
    }

    /** The white space before a place, from its last line break on. */
    static String spaceBefore(String text, int end) {
        String space = text.substring(beforeSpace(text, end), end);
        int newline = space.lastIndexOf('\n');
        if (newline < 0) {
            return space;
        }
        boolean isAfterReturn = newline > 0 && space.charAt(newline - 1) == '\r';
        return space.substring(isAfterReturn ? newline - 1 : newline);
    }

    static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }
}
