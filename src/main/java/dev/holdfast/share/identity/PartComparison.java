package dev.holdfast.share.identity;

import dev.holdfast.settings.ShareMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of two starts must agree.
 *
 * @param match how much of it
 * @param keys variables that must, whatever their names look like
 */
record PartComparison(ShareMatch match, List<String> keys) {
    private static final List<String> ALWAYS = List.of(Identity.COMMAND, Identity.ARGUMENTS, Identity.UID);
    private static final List<String> UNLESS_RELAXED =
            List.of(Identity.FOLDER, Identity.USER, Identity.GROUP, Identity.ENVIRONMENT_FILE);

    /**
     * What must agree and does not.
     *
     * @param host digests of the host's start, by part
     * @param other digests of the other one, under the same key
     * @return the names of parts, for people, in the order of their weight
     */
    List<String> differences(Map<String, String> host, Map<String, String> other) {
        List<String> found = new ArrayList<>();
        compareAll(ALWAYS, host, other, found);
        if (match != ShareMatch.RELAXED) {
            compareAll(UNLESS_RELAXED, host, other, found);
        }
        List<String> variables = new ArrayList<>();
        for (String part : host.keySet()) {
            addVariable(part, variables);
        }
        for (String part : other.keySet()) {
            addVariable(part, variables);
        }
        for (String key : keys) {
            addVariable(Identity.VARIABLE + key, variables);
        }
        variables.sort(null);
        for (String part : variables) {
            String name = part.substring(Identity.VARIABLE.length());
            if (differs(host.get(part), other.get(part), mustBeInBoth(name), isLookedAt(name))) {
                found.add(name);
            }
        }
        return found;
    }

    private static void addVariable(String part, List<String> variables) {
        if (part.startsWith(Identity.VARIABLE) && !variables.contains(part)) {
            variables.add(part);
        }
    }

    private static void compareAll(
            List<String> parts, Map<String, String> host, Map<String, String> other, List<String> found) {
        for (String part : parts) {
            if (differs(host.get(part), other.get(part), true, true)) {
                found.add("the " + part.replace('-', ' '));
            }
        }
    }

    private boolean isLookedAt(String name) {
        return keys.contains(name)
                || (match != ShareMatch.RELAXED && VariableWeight.of(name) != VariableWeight.NOT_LOOKED_AT);
    }

    private boolean mustBeInBoth(String name) {
        return keys.contains(name)
                || match == ShareMatch.STRICT
                || VariableWeight.of(name) == VariableWeight.MUST_AGREE;
    }

    private static boolean differs(
            @Nullable String one, @Nullable String other, boolean mustBeInBoth, boolean isLookedAt) {
        if (!isLookedAt) {
            return false;
        }
        if (one == null || other == null) {
            return mustBeInBoth && (one != null || other != null);
        }
        return !areEqual(one, other);
    }

    /** In a time that does not tell where they differ. */
    private static boolean areEqual(String one, String other) {
        int difference = one.length() ^ other.length();
        for (int i = 0; i < Math.min(one.length(), other.length()); i++) {
            difference |= one.charAt(i) ^ other.charAt(i);
        }
        return difference == 0;
    }
}
