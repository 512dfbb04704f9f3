package dev.holdfast.settings;

import java.util.List;

/**
 * Who started the launcher, and what it passed on, as bin/holdfast saw it: the JVM's own files are open by the time it
 * looks, and the parent may have died since.
 *
 * @param parentPid its pid; 0 when it is not known
 * @param descriptors those above 2 that it passed on, ascending
 */
public record Caller(int parentPid, List<Integer> descriptors) {
    /** Nothing is known of it, and it passed on nothing. */
    public static final Caller UNKNOWN = new Caller(0, List.of());

    /** Copies the list. */
    public Caller {
        descriptors = List.copyOf(descriptors);
    }
}
