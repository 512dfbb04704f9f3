package dev.holdfast.command;

import dev.holdfast.posix.processes.Self;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The environment of a server, byte for byte. */
public final class Environment implements UnaryOperator<String> {
    /** Read once. */
    private static @Nullable Environment ofThisProcess;

    private final List<byte[]> entries;

    private Environment(List<byte[]> entries) {
        this.entries = entries;
    }

    /** Entries of the form {@code NAME=value}, byte for byte; the list is copied. */
    public static Environment of(List<byte[]> entries) {
        return new Environment(List.copyOf(entries));
    }

    /** All of this process's, also what bin/holdfast has put there for the launcher only. */
    public static Environment ofThisProcess() {
        Environment known = ofThisProcess;
        if (known == null) {
            known = of(Self.environment());
            ofThisProcess = known; // a race reads it twice: harmless
        }
        return known;
    }

    /**
     * The names of all variables.
     *
     * @return the names, without their values
     */
    public List<String> names() {
        List<String> names = new ArrayList<>(entries.size());
        for (byte[] entry : entries) {
            String text = new String(entry, StandardCharsets.UTF_8);
            int equals = text.indexOf('=');
            names.add(equals < 0 ? text : text.substring(0, equals));
        }
        return names;
    }

    /**
     * The environment with some variables set.
     *
     * @param variables names and values
     * @return a new environment
     */
    public Environment with(Map<String, String> variables) {
        List<byte[]> changed = new ArrayList<>(entries.size() + variables.size());
        for (byte[] entry : entries) {
            if (!setsOneOf(entry, variables)) {
                changed.add(entry);
            }
        }
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            changed.add((variable.getKey() + "=" + variable.getValue()).getBytes(StandardCharsets.UTF_8));
        }
        return new Environment(changed);
    }

    /**
     * The environment with some variables set, byte for byte.
     *
     * @param added {@code NAME=value}, each; the last one of a name counts
     * @return a new environment
     */
    public Environment with(List<byte[]> added) {
        Map<String, byte[]> latest = new LinkedHashMap<>();
        for (byte[] entry : added) {
            latest.put(nameOf(entry), entry);
        }
        List<byte[]> changed = new ArrayList<>(entries.size() + latest.size());
        for (byte[] entry : entries) {
            if (!latest.containsKey(nameOf(entry))) {
                changed.add(entry);
            }
        }
        changed.addAll(latest.values());
        return new Environment(changed);
    }

    /**
     * The environment without a variable.
     *
     * @return a new environment
     */
    public Environment without(String name) {
        List<byte[]> changed = new ArrayList<>(entries.size());
        for (byte[] entry : entries) {
            if (!startsWith(entry, name + "=")) {
                changed.add(entry);
            }
        }
        return new Environment(changed);
    }

    /**
     * The environment with the variables of a file set, the last of a name counting.
     *
     * @param name the file, in the syntax of systemd's EnvironmentFile=; with a hyphen in front it may be missing
     * @return a new environment
     * @throws ProcessSettingsException if it cannot be read or understood
     */
    public Environment withFile(String name) {
        return with(EnvironmentFile.read(name));
    }

    private static String nameOf(byte[] entry) {
        String text = new String(entry, StandardCharsets.ISO_8859_1);
        int equals = text.indexOf('=');
        return equals < 0 ? text : text.substring(0, equals);
    }

    private static boolean setsOneOf(byte[] entry, Map<String, String> variables) {
        for (String name : variables.keySet()) {
            if (startsWith(entry, name) && entry.length > name.length() && entry[name.length()] == '=') {
                return true;
            }
        }
        return false;
    }

    /** As {@link #value}. */
    @Override
    public String apply(String name) {
        return value(name);
    }

    /**
     * The value of a variable.
     *
     * @return the value, empty when it is not set
     */
    public String value(String name) {
        return new String(bytes(name), StandardCharsets.UTF_8);
    }

    /**
     * The value of a variable, byte for byte.
     *
     * @return the value, empty when it is not set
     */
    public byte[] bytes(String name) {
        String prefix = name + "=";
        for (byte[] entry : entries) {
            if (startsWith(entry, prefix)) {
                return Arrays.copyOfRange(entry, prefix.length(), entry.length);
            }
        }
        return new byte[0];
    }

    /**
     * All of it.
     *
     * @return {@code NAME=value}, each, byte for byte
     */
    public List<byte[]> entries() {
        return entries;
    }

    /**
     * Whether an entry begins so.
     *
     * @param entry {@code NAME=value}, byte for byte
     * @param prefix ASCII
     * @return true when it does
     */
    public static boolean startsWith(byte[] entry, String prefix) {
        if (entry.length < prefix.length()) {
            return false;
        }
        for (int i = 0; i < prefix.length(); i++) {
            if (entry[i] != prefix.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
