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

/**
 * The environment, byte for byte: what the launcher was started with, less what bin/holdfast put into it for its own
 * JVM.
 */
public final class Environment implements UnaryOperator<String> {
    /**
     * All that bin/holdfast tells the launcher. This process's id, which is bin/holdfast's, too, tells it from what the
     * user has called so.
     */
    private static final String FOR_LAUNCHER = "HOLDFAST_SET_" + Self.pid() + "_";
    /** Variables that would change the launcher's JVM, or that bin/holdfast uses, are the server's again. */
    private static final String KEPT_FOR_SERVER = "HOLDFAST_KEPT_" + Self.pid() + "_";
    /** Set for the launcher's JVM: its suspend signal, moved away from USR2. */
    private static final String SUSPEND_SIGNAL = "_JAVA_SR_SIGNUM=";
    /** Says that bin/holdfast has set LC_ALL for the launcher's JVM; what there was, if anything, is kept. */
    private static final String LOCALE_WAS_SET = FOR_LAUNCHER + "LC_ALL=";

    private static final String LOCALE = "LC_ALL=";
    /** The same for what keeps the JVM's address space small. */
    private static final String ARENAS_WERE_SET = FOR_LAUNCHER + "MALLOC_ARENA_MAX=";

    private static final String ARENAS = "MALLOC_ARENA_MAX=";
    /** Who started the launcher, which may have died since. */
    private static final String PARENT_AT_START = "PARENT_PID";
    /** The descriptors that the caller passed on, each with a comma. */
    private static final String DESCRIPTORS = "DESCRIPTORS";
    /** Set by {@link Self#replaceWithBlockedSignals}. */
    private static final String STARTED_AGAIN = "STARTED_AGAIN";

    /** This process's, read once. */
    private static @Nullable List<byte[]> all;

    private final List<byte[]> entries;

    private Environment(List<byte[]> entries) {
        this.entries = entries;
    }

    /**
     * This process's environment.
     *
     * @return the environment, as the server shall see it
     */
    public static Environment ofLauncher() {
        List<byte[]> all = all();
        boolean dropLocale = false;
        boolean dropArenas = false;
        for (byte[] entry : all) {
            dropLocale |= startsWith(entry, LOCALE_WAS_SET);
            dropArenas |= startsWith(entry, ARENAS_WERE_SET);
        }
        List<byte[]> entries = new ArrayList<>(all.size());
        for (byte[] entry : all) {
            if (startsWith(entry, KEPT_FOR_SERVER)) {
                entries.add(Arrays.copyOfRange(entry, KEPT_FOR_SERVER.length(), entry.length));
            } else if (!startsWith(entry, SUSPEND_SIGNAL)
                    && !startsWith(entry, FOR_LAUNCHER)
                    && !(dropLocale && startsWith(entry, LOCALE))
                    && !(dropArenas && startsWith(entry, ARENAS))) {
                entries.add(entry);
            }
        }
        return new Environment(entries);
    }

    private static List<byte[]> all() {
        List<byte[]> known = all;
        if (known == null) {
            known = List.copyOf(Self.environment());
            all = known; // a race reads it twice: harmless
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
     * Whether this process has replaced itself already, to have its signals blocked.
     *
     * @return true when it has
     */
    public static boolean wasStartedAgain() {
        return !ofScript(STARTED_AGAIN).isEmpty();
    }

    /**
     * What tells {@link #wasStartedAgain}.
     *
     * @return {@code NAME=value}
     */
    public static String startedAgain() {
        return FOR_LAUNCHER + STARTED_AGAIN + "=1";
    }

    /**
     * Who was this process's parent when bin/holdfast began.
     *
     * @return its pid; 0 when it is not known
     */
    public static int parentAtStart() {
        String pid = ofScript(PARENT_AT_START);
        // No regular expression: this is on the way to the loop.
        try {
            return Math.max(0, Integer.parseInt(pid));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /**
     * What bin/holdfast has told the launcher, and the server does not see.
     *
     * @param word the last part of the variable's name
     * @return its value; empty when it is not there
     */
    public static String ofScript(String word) {
        return ofThisProcess(FOR_LAUNCHER + word);
    }

    /**
     * A variable of this process's own environment.
     *
     * @param name its name, ASCII
     * @return its value; empty when it is not there
     */
    public static String ofThisProcess(String name) {
        String prefix = name + "=";
        for (byte[] entry : all()) {
            if (startsWith(entry, prefix)) {
                return new String(entry, StandardCharsets.ISO_8859_1).substring(prefix.length());
            }
        }
        return "";
    }

    /**
     * The descriptors above 2 that bin/holdfast was started with, all that the caller passed on. What else is open is the
     * JVM's.
     *
     * @return their numbers, ascending
     */
    public static List<Integer> inheritedDescriptors() {
        String numbers = ofScript(DESCRIPTORS);
        if (numbers.isEmpty()) {
            return List.of();
        }
        List<Integer> descriptors = new ArrayList<>();
        int start = 0;
        for (int comma = numbers.indexOf(','); comma >= 0; comma = numbers.indexOf(',', start)) {
            descriptors.add(Integer.valueOf(numbers.substring(start, comma)));
            start = comma + 1;
        }
        descriptors.sort(null);
        return descriptors;
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
     * The environment without a variable.
     *
     * @param name its name
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
        Map<String, byte[]> added = new LinkedHashMap<>();
        for (byte[] entry : EnvironmentFile.read(name)) {
            added.put(nameOf(entry), entry);
        }
        List<byte[]> changed = new ArrayList<>(entries.size() + added.size());
        for (byte[] entry : entries) {
            if (!added.containsKey(nameOf(entry))) {
                changed.add(entry);
            }
        }
        changed.addAll(added.values());
        return new Environment(changed);
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
     * @param name its name
     * @return the value, empty when it is not set
     */
    public String value(String name) {
        return new String(bytes(name), StandardCharsets.UTF_8);
    }

    /**
     * The value of a variable, byte for byte.
     *
     * @param name its name
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

    private static boolean startsWith(byte[] entry, String prefix) {
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
