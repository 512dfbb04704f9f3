package dev.holdfast.config;

import dev.holdfast.settings.DataLockVariables;
import dev.holdfast.settings.InstanceVariables;
import dev.holdfast.text.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * All variables of Holdfast: those of {@link RunOption}, what else it reads, and what it sets. What looks like one of them
 * and is none would be passed over without a word, so it is told.
 */
public final class Variables {
    private static final String PREFIX = "HOLDFAST_";
    /** What can be mistyped without that. */
    private static final List<String> WITHOUT_PREFIX = List.of(RunOption.FORCE.variable());
    /** Read, beside those of the options. */
    private static final List<String> READ = List.of(
            "HOLDFAST_HOME",
            "HOLDFAST_INSTANCE__CONFLICT_DETECTION",
            "HOLDFAST_JAVA_HOME",
            "HOLDFAST_JAVA_OPTIONS",
            "HOLDFAST_NO_ARCHIVE",
            "HOLDFAST_SESSIONS_DIR",
            "HOLDFAST_TIMING");
    /** Set for the server and the commands around it, and so also in the environment of what these start. */
    private static final List<String> SET = List.of(
            InstanceVariables.NAME,
            InstanceVariables.ID,
            DataLockVariables.PATH,
            "HOLDFAST_HOOK",
            "HOLDFAST_SERVER_PID",
            "HOLDFAST_ACTIVATION_FOLDER",
            "HOLDFAST_EXIT_CODE",
            "HOLDFAST_EXIT_SIGNAL",
            "HOLDFAST_HOLDER_PID");
    /** What people write. */
    private static final Map<String, String> MEANT = Map.of(
            "HOLDFAST_FORCE", "FORCE_TERMINATE",
            "HOLDFAST_FORCE_TERMINATE", "FORCE_TERMINATE",
            "HOLDFAST_LOG_LEVEL", "HOLDFAST_LOGGING__LEVEL",
            "HOLDFAST_LOG_FORMAT", "HOLDFAST_LOGGING__FORMAT",
            "HOLDFAST_LOG_FILE", "HOLDFAST_LOGGING__FILE",
            "HOLDFAST_COORDINATION", "HOLDFAST_COORDINATION_MODE",
            "HOLDFAST_VERSION", "HOLDFAST_APP_VERSION",
            "HOLDFAST_TIMEOUT", "HOLDFAST_WAIT_TIMEOUT");
    /** Those of others who do a part of the same, and what to write. */
    private static final Map<String, String> OF_OTHERS = Map.of(
            "TINI_SUBREAPER", "nothing: Holdfast always is a subreaper",
            "TINI_KILL_PROCESS_GROUP", "HOLDFAST_FORWARD=group",
            "TINI_VERBOSITY", "HOLDFAST_LOGGING__LEVEL=debug",
            "DUMB_INIT_SETSID", "HOLDFAST_FORWARD=child or group",
            "DUMB_INIT_DEBUG", "HOLDFAST_LOGGING__LEVEL=debug");

    private Variables() {}

    /**
     * What is in an environment and does nothing.
     *
     * @param names the names of all variables
     * @return a line for each, without any value
     */
    public static List<String> warnings(List<String> names) {
        List<String> warnings = new ArrayList<>();
        for (String name : names) {
            String instead = OF_OTHERS.get(name);
            if (instead != null) {
                warnings.add(name + " is not read by holdfast; write " + instead);
            } else if (name.equals(InstanceVariables.NAME) && !names.contains(InstanceVariables.ID)) {
                warnings.add("HOLDFAST_NAME is what holdfast tells its server, and is not read; did you mean "
                        + RunOption.NAME.variable() + "?");
            } else if (name.startsWith(PREFIX) && !isKnown(name)) {
                warnings.add("unknown variable " + Printable.text(name) + " is not read" + suggestion(name));
            } else if (!Suggestions.nearest(name, WITHOUT_PREFIX).isEmpty() && !isKnown(name)) {
                warnings.add("unknown variable " + Printable.text(name) + " is not read; did you mean "
                        + RunOption.FORCE.variable() + "?");
            }
        }
        return warnings;
    }

    /**
     * Whether Holdfast reads or sets a variable.
     *
     * @return false when nothing does
     */
    public static boolean isKnown(String name) {
        return READ.contains(name) || SET.contains(name) || ofOptions().contains(name);
    }

    private static List<String> ofOptions() {
        List<String> names = new ArrayList<>();
        for (RunOption option : RunOption.values()) {
            if (!option.variable().isEmpty()) {
                names.add(option.variable());
            }
        }
        return names;
    }

    private static String suggestion(String name) {
        String meant = MEANT.getOrDefault(name, "");
        if (meant.isEmpty()) {
            List<String> candidates = ofOptions();
            candidates.addAll(READ);
            meant = nearest(name, candidates);
        }
        return meant.isEmpty() ? "" : "; did you mean " + meant + "?";
    }

    /** By what follows the prefix, which all have: it would make them all alike. Else the one that it goes on from. */
    private static String nearest(String name, List<String> candidates) {
        String typed = name.substring(PREFIX.length());
        List<String> ends = new ArrayList<>();
        String begun = "";
        for (String candidate : candidates) {
            if (candidate.startsWith(PREFIX)) {
                ends.add(candidate.substring(PREFIX.length()));
                boolean isBegun = name.startsWith(candidate + "_") && candidate.length() > begun.length();
                begun = isBegun ? candidate : begun;
            }
        }
        String end = Suggestions.nearest(typed, ends);
        return end.isEmpty() ? begun : PREFIX + end;
    }
}
