package dev.holdfast.registry.conflict;

import dev.holdfast.registry.Configuration;
import dev.holdfast.registry.ConfigurationPart;
import dev.holdfast.settings.ConflictDetection;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a level tells.
 *
 * @param leastOverlap the weakest overlap of two folders that counts
 * @param differences which differences of two configurations count
 * @param several what several active instances on one folder are
 */
record LevelRules(Overlap leastOverlap, Differences differences, Several several) {
    /** Which differences count. */
    enum Differences {
        /** Each of them. */
        EVERY,
        /** Those that were not said to be minor. */
        BUT_MINOR,
        /** Those of command, arguments, version and files. */
        MAJOR
    }

    /** What several instances on one folder are. */
    enum Several {
        CONFLICT,
        WARNING,
        NOT_TOLD
    }

    /** The table. */
    static LevelRules of(ConflictDetection level) {
        return switch (level) {
            case STRICT -> new LevelRules(Overlap.NESTED, Differences.EVERY, Several.CONFLICT);
            case MODERATE -> new LevelRules(Overlap.SAME_FOLDER, Differences.BUT_MINOR, Several.WARNING);
            case RELAXED -> new LevelRules(Overlap.EQUAL, Differences.MAJOR, Several.NOT_TOLD);
        };
    }

    /** Whether two folders get in each other's way. */
    boolean counts(Overlap overlap) {
        return overlap != Overlap.NONE && overlap.compareTo(leastOverlap) >= 0;
    }

    /** The keys of the differences that count, in their order; none where two cannot be compared. */
    Set<String> differences(Configuration one, Configuration other) {
        Set<String> keys = new TreeSet<>();
        if (one.isComparableWith(other)) {
            for (String key : one.differences(other)) {
                if (counts(key, one.isMinor(key) || other.isMinor(key))) {
                    keys.add(key);
                }
            }
        }
        return keys;
    }

    private boolean counts(String key, boolean isMinor) {
        return switch (differences) {
            case EVERY -> true;
            case BUT_MINOR -> !isMinor;
            case MAJOR ->
                key.equals(ConfigurationPart.COMMAND)
                        || key.equals(ConfigurationPart.ARGUMENTS)
                        || key.equals(ConfigurationPart.VERSION)
                        || key.startsWith(ConfigurationPart.FILE);
        };
    }
}
