package dev.holdfast.cli;

import dev.holdfast.command.Environment;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.settings.Caller;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What bin/holdfast tells the launcher, by variables of the environment that the server does not see. This process's id,
 * which is the script's, too, tells their names from what the user has called so.
 */
final class LaunchScript {
    private static final String TOLD = "HOLDFAST_SET_" + Self.pid() + "_";
    /** In front of the names of variables that the script has changed or taken away: they are the server's again. */
    private static final String KEPT = "HOLDFAST_KEPT_" + Self.pid() + "_";
    /** Set for the launcher's JVM at each start: its suspend signal, moved away from USR2. */
    private static final String SUSPEND_SIGNAL = "_JAVA_SR_SIGNUM=";
    /** Set for the launcher's JVM where it was needed, which the script then tells. */
    private static final String[] SET_SOMETIMES = {"LC_ALL", "MALLOC_ARENA_MAX"};

    private static final String PARENT_PID = "PARENT_PID";
    /** Each with a comma behind it. */
    private static final String DESCRIPTORS = "DESCRIPTORS";
    /** Told by {@link Self#replaceWithBlockedSignals}. */
    private static final String STARTED_AGAIN = "STARTED_AGAIN";

    private LaunchScript() {}

    /**
     * What the script has told.
     *
     * @param word the last part of the variable's name
     * @return its value; empty when it was not told
     */
    static String variable(String word) {
        return Environment.ofThisProcess().value(TOLD + word);
    }

    /** The environment that the script was started with, which is the server's. */
    static Environment environment() {
        List<byte[]> all = Environment.ofThisProcess().entries();
        List<byte[]> entries = new ArrayList<>(all.size());
        for (byte[] entry : all) {
            if (Environment.startsWith(entry, KEPT)) {
                entries.add(Arrays.copyOfRange(entry, KEPT.length(), entry.length));
            } else if (!Environment.startsWith(entry, SUSPEND_SIGNAL)
                    && !Environment.startsWith(entry, TOLD)
                    && !wasSet(entry)) {
                entries.add(entry);
            }
        }
        return Environment.of(entries);
    }

    private static boolean wasSet(byte[] entry) {
        for (String name : SET_SOMETIMES) {
            if (Environment.startsWith(entry, name + "=") && !variable(name).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Who started it, and what it passed on. */
    static Caller caller() {
        return new Caller(parentPid(), descriptors());
    }

    private static int parentPid() {
        // No regular expression: this is on the way to the loop.
        try {
            return Math.max(0, Integer.parseInt(variable(PARENT_PID)));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static List<Integer> descriptors() {
        String numbers = variable(DESCRIPTORS);
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

    /** Whether this process has replaced itself already, to have its signals blocked. */
    static boolean wasStartedAgain() {
        return !variable(STARTED_AGAIN).isEmpty();
    }

    /** What tells {@link #wasStartedAgain}: {@code NAME=value}. */
    static String startedAgain() {
        return TOLD + STARTED_AGAIN + "=1";
    }
}
