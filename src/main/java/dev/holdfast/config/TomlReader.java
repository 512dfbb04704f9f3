package dev.holdfast.config;

import dev.holdfast.classpath.SecondClassPath;
import java.util.List;

/** Reads TOML documents. */
public interface TomlReader {
    /** Reads a document, and goes on after a mistake so that all are found. */
    Document read(String text);

    /** Loads it, with its library. */
    static TomlReader load() {
        return SecondClassPath.load(TomlReader.class, "dev.holdfast.config.toml.JacksonTomlReader");
    }

    /**
     * What a document says.
     *
     * @param entries its values
     * @param problems what is wrong with its syntax
     */
    record Document(List<ConfigEntry> entries, List<LineProblem> problems) {
        /** Copies the lists. */
        public Document {
            entries = List.copyOf(entries);
            problems = List.copyOf(problems);
        }
    }

    /**
     * What is wrong on a line.
     *
     * @param line from 1
     * @param text half a sentence
     */
    record LineProblem(int line, String text) {}
}
