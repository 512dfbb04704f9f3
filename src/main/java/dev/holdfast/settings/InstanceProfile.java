package dev.holdfast.settings;

import java.util.List;

/**
 * What was said of an instance for others to read, and what its configuration is made of.
 *
 * @param description for people; empty for nothing
 * @param directories the folders of its data, absolute
 * @param address where it serves; empty when that was not said
 * @param port where it serves; 0 when that was not said
 * @param configVariables names of variables, in which {@code *} stands for anything
 * @param minorVariables the same for those that matter little
 * @param configFiles the files, absolute
 */
public record InstanceProfile(
        String description,
        List<String> directories,
        String address,
        int port,
        List<String> configVariables,
        List<String> minorVariables,
        List<String> configFiles) {
    /** Nothing was said. */
    public static final InstanceProfile NONE =
            new InstanceProfile("", List.of(), "", 0, List.of(), List.of(), List.of());

    /** Copies the lists. */
    public InstanceProfile {
        directories = List.copyOf(directories);
        configVariables = List.copyOf(configVariables);
        minorVariables = List.copyOf(minorVariables);
        configFiles = List.copyOf(configFiles);
    }
}
