package dev.holdfast.session.template;

import java.util.function.Function;

/**
 * Writes values into the parts of a file in the way in which each part is written. Where a value cannot be written so, such as a quote
 * between TOML's single quotes, the whole of that part is written in double quotes.
 */
final class ValueWriter {
    private static final char DELETE = 0x7f;
    private static final char LAST_OF_C1 = 0x9f;

    private final TemplateText template;
    private final Format format;
    private final Function<Placeholder, String> values;

    /**
     * A writer of one file.
     *
     * @param values what stands for each placeholder
     */
    ValueWriter(TemplateText template, Format format, Function<Placeholder, String> values) {
        this.template = template;
        this.format = format;
        this.values = values;
    }

    /**
     * A part with its values.
     *
     * @param source the part, with tokens
     */
    String written(String source, Span span) {
        return switch (span.style()) {
            case COMMENT -> template.replaced(source, Placeholder::source);
            case ESCAPED -> escaped(source, span);
            case LITERAL ->
                allAre(source, value -> isClean(value) && value.indexOf('\'') < 0)
                        ? template.replaced(source, values)
                        : whole(span);
            case SINGLE ->
                isOneLine(source) && allAre(source, ValueWriter::isClean)
                        ? template.replaced(source, values.andThen(value -> value.replace("'", "''")))
                        : whole(span);
            case PLAIN -> {
                String filled = template.replaced(source, values);
                yield YamlParts.isPlain(filled, meaning(span)) ? filled : whole(span);
            }
            case BLOCK ->
                allAre(
                                source,
                                value -> isClean(value)
                                        && !value.isEmpty()
                                        && value.strip().equals(value))
                        ? template.replaced(source, values)
                        : whole(span);
        };
    }

    private String escaped(String source, Span span) {
        // YAML trims each line of such a text
        boolean isWhole = format == Format.YAML && !isOneLine(source);
        return isWhole ? whole(span) : template.replaced(source, values.andThen(ValueWriter::withEscapes));
    }

    private String whole(Span span) {
        return '"' + withEscapes(meaning(span)) + '"';
    }

    private String meaning(Span span) {
        return template.replaced(span.text(), values);
    }

    private boolean allAre(String source, Function<String, Boolean> condition) {
        return template.in(source).stream().map(values).allMatch(condition::apply);
    }

    private static boolean isOneLine(String source) {
        return source.indexOf('\n') < 0;
    }

    /** Whether a text needs no escape where quotes and backslashes need none. */
    private static boolean isClean(String value) {
        return value.chars().noneMatch(ValueWriter::isEscaped);
    }

    /** What JSON, TOML or YAML want escaped, or take for the end of a line. */
    private static boolean isEscaped(int c) {
        return c < ' '
                || (c >= DELETE && c <= LAST_OF_C1)
                || c == '\u2028'
                || c == '\u2029'
                || c == '\ufeff'
                || c == '\ufffe'
                || c == '\uffff';
    }

    /** As it stands between double quotes, in all three. */
    static String withEscapes(String value) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"', '\\' -> text.append('\\').append(c);
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (isEscaped(c)) {
                        text.append("\\u")
                                .append(Integer.toHexString(0x10000 + c).substring(1));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        return text.toString();
    }
}
