package dev.holdfast.session.template;

import java.util.List;
import java.util.Locale;

/** What a file is written in, by its name. */
enum Format {
    JSON,
    JSON_WITH_COMMENTS,
    TOML,
    YAML,
    /** Anything else. */
    TEXT;

    /**
     * The format of a file.
     *
     * @param name without what marks it as a template
     */
    static Format of(String name) {
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return switch (ending) {
            case "json" -> JSON;
            case "jsonc" -> JSON_WITH_COMMENTS;
            case "toml" -> TOML;
            case "yaml", "yml" -> YAML;
            default -> TEXT;
        };
    }

    /** As a message names it. */
    String label() {
        return this == JSON_WITH_COMMENTS ? "JSON" : name();
    }

    /**
     * The strings and the comments, in their order. They do not overlap.
     *
     * @throws MalformedException if the text is not of this format; it need not be found here
     */
    List<Span> spans(String text) throws MalformedException {
        return switch (this) {
            case JSON, JSON_WITH_COMMENTS -> QuoteScanner.json(text);
            case TOML -> QuoteScanner.toml(text);
            case YAML -> YamlParts.spans(text);
            case TEXT -> List.of();
        };
    }

    /**
     * What the text says; nothing for plain text.
     *
     * @throws MalformedException if it is not of this format
     */
    List<Part> parts(String text) throws MalformedException {
        return switch (this) {
            case JSON -> JsonParts.json(text);
            case JSON_WITH_COMMENTS -> JsonParts.jsonWithComments(text);
            case TOML -> JsonParts.toml(text);
            case YAML -> YamlParts.parts(text);
            case TEXT -> List.of();
        };
    }
}
