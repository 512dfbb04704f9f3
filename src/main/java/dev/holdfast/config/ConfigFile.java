package dev.holdfast.config;

import dev.holdfast.config.ConfigEntry.Kind;
import dev.holdfast.config.ConfigText.RefusedException;
import dev.holdfast.config.TomlReader.LineProblem;
import dev.holdfast.text.Printable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A configuration file: options by their long names without dashes, those of all instances on the top level, and those
 * of one in the table of its name, which beat them.
 *
 * <p>Everything in it is checked, the tables of other instances, too, except for their values, which only their own
 * starts read. Loaded only where there is a file, since it loads a parser and its library.
 */
final class ConfigFile {
    /** Not for the file: which file it is, what the table's name says already, and what is asked once. */
    private static final Set<RunOption> NOT_HERE = EnumSet.of(RunOption.NAME, RunOption.CONFIG, RunOption.EXPLAIN);

    private static final int MOST_PROBLEMS = 50;

    private final String path;
    private final List<ConfigEntry> entries;
    private final List<LineProblem> syntax;
    /** Why the file was not read; empty when it was. */
    private final String refusal;

    private ConfigFile(String path, List<ConfigEntry> entries, List<LineProblem> syntax, String refusal) {
        this.path = path;
        this.entries = entries;
        this.syntax = syntax;
        this.refusal = refusal;
    }

    /** Reads a file. Never fails: what is wrong is in {@link #problems()}. */
    static ConfigFile read(String path) {
        try {
            TomlReader.Document toml = TomlReader.load().read(ConfigText.read(path));
            return new ConfigFile(path, toml.entries(), toml.problems(), "");
        } catch (RefusedException e) {
            return new ConfigFile(path, List.of(), List.of(), e.reason());
        }
    }

    /** What it says for an instance, as far as it can be understood. */
    Map<RunOption, OptionValue> values(String instance) {
        Map<RunOption, OptionValue> common = new EnumMap<>(RunOption.class);
        Map<RunOption, OptionValue> own = new EnumMap<>(RunOption.class);
        for (ConfigEntry entry : entries) {
            RunOption option = option(entry);
            if (option != null && problem(option, entry).isEmpty()) {
                OptionValue value =
                        new OptionValue(String.join(",", entry.texts()), OptionValue.Origin.FILE, place(entry.line()));
                if (entry.table().isEmpty()) {
                    common.put(option, value);
                } else if (entry.table().equals(instance)) {
                    own.put(option, value);
                }
            }
        }
        own.keySet().forEach(option -> giveWay(common, option));
        common.putAll(own);
        return common;
    }

    /** Drops what cannot hold beside an option that is said by somebody stronger. */
    static void giveWay(Map<RunOption, OptionValue> values, RunOption stronger) {
        switch (stronger) {
            case ON_CONFLICT -> values.remove(RunOption.FORCE);
            case LOCK_DIR, SCOPE -> values.remove(RunOption.LOCK_FILE);
            case LOG_LEVEL -> {
                values.remove(RunOption.VERBOSE);
                values.remove(RunOption.QUIET);
            }
            case VERBOSE -> values.remove(RunOption.QUIET);
            case QUIET -> values.remove(RunOption.VERBOSE);
            default -> {} // excludes no other
        }
    }

    /** Whether it could be read, and is TOML; there may be other mistakes in it. */
    boolean isReadable() {
        return refusal.isEmpty() && syntax.isEmpty();
    }

    /** All that is wrong with it, one line each, in the order of the file. */
    List<String> problems() {
        if (!refusal.isEmpty()) {
            return List.of("configuration file \"" + Printable.text(path) + "\" " + refusal);
        }
        List<LineProblem> all = new ArrayList<>(syntax);
        for (ConfigEntry entry : entries) {
            RunOption option = option(entry);
            String text = option == null ? unknown(entry) : problem(option, entry);
            if (!text.isEmpty()) {
                all.add(new LineProblem(entry.line(), text));
            }
        }
        all.sort(Comparator.comparingInt(LineProblem::line));
        List<String> told = new ArrayList<>();
        for (LineProblem problem : all.subList(0, Math.min(all.size(), MOST_PROBLEMS))) {
            told.add(place(problem.line()) + ": " + problem.text());
        }
        if (all.size() > MOST_PROBLEMS) {
            told.add(Printable.text(path) + ": and " + (all.size() - MOST_PROBLEMS) + " more");
        }
        return told;
    }

    private String place(int line) {
        return Printable.text(path) + ":" + line;
    }

    private static @Nullable RunOption option(ConfigEntry entry) {
        for (RunOption option : RunOption.values()) {
            if (option.key().equals(entry.key())) {
                return option;
            }
        }
        return null;
    }

    private static String unknown(ConfigEntry entry) {
        List<String> keys = new ArrayList<>();
        for (RunOption option : RunOption.values()) {
            if (!NOT_HERE.contains(option)) {
                keys.add(option.key());
            }
        }
        String nearest = Suggestions.nearest(entry.key(), keys);
        return "unknown key \"" + Printable.text(entry.key()) + "\""
                + (entry.table().isEmpty() ? "" : " in table \"" + Printable.text(entry.table()) + "\"")
                + (nearest.isEmpty() ? "" : "; did you mean " + nearest + "?");
    }

    /** What is wrong with a value's kind; empty when nothing is. */
    private static String problem(RunOption option, ConfigEntry entry) {
        String key = option.key();
        if (option == RunOption.NAME) {
            return "name cannot be said in the file; an instance's own settings stand in the table of its name";
        }
        if (NOT_HERE.contains(option)) {
            return key + " cannot be said in the file; type " + option.longFlag();
        }
        for (String text : entry.texts()) {
            if (text.indexOf('\0') >= 0) {
                return key + " must not have a NUL character in it";
            }
        }
        Set<Kind> kinds = kinds(option);
        if (kinds.contains(entry.kind())) {
            return "";
        }
        StringBuilder words = new StringBuilder(key + " must be ");
        String separator = "";
        for (Kind kind : kinds) {
            words.append(separator).append(kind.words());
            separator = " or ";
        }
        return words.append(", not ").append(entry.kind().words()).toString();
    }

    private static Set<Kind> kinds(RunOption option) {
        if (!option.takesValue()) {
            return EnumSet.of(Kind.BOOLEAN);
        }
        if (option == RunOption.LISTEN) {
            return EnumSet.of(Kind.STRING, Kind.NUMBER, Kind.LIST);
        }
        if (option.isRepeatable()) {
            return EnumSet.of(Kind.STRING, Kind.LIST);
        }
        return takesNumber(option) ? EnumSet.of(Kind.STRING, Kind.NUMBER) : EnumSet.of(Kind.STRING);
    }

    /**
     * Not the version, which would lose the last digit of 1.10, and not the umask, where it could not be told whether
     * 22 was meant as octal.
     */
    private static boolean takesNumber(RunOption option) {
        return switch (option.placeholder()) {
            case "N", "PORT", "SIG", "USER", "GROUP" -> true;
            default -> Character.isDigit(option.placeholder().charAt(0)); // a duration
        };
    }
}
