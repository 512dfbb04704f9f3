package dev.holdfast.registry;

import java.util.List;

/**
 * What was said of an instance, for people and for whoever compares.
 *
 * @param description empty for nothing
 * @param address where it serves, when that was said; else empty
 * @param port where it serves, when that was said; else 0
 * @param directories the folders of its data, when they were said
 */
public record InstanceFacts(String description, String address, int port, List<DataDirectory> directories) {
    /** Nothing was said. */
    public static final InstanceFacts NONE = new InstanceFacts("", "", 0, List.of());

    /** Copies the list. */
    public InstanceFacts {
        directories = List.copyOf(directories);
    }
}
