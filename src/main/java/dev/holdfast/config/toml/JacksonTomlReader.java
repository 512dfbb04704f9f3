package dev.holdfast.config.toml;

import dev.holdfast.config.TomlReader;

/** Reads TOML by Jackson. */
public final class JacksonTomlReader implements TomlReader {
    @Override
    public Document read(String text) {
        TomlEntries toml = new TomlEntries(text);
        return new Document(toml.entries(), toml.problems());
    }
}
