package dev.holdfast.registry;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What an instance is made of, as digests. Two of one {@link #keyId} can be compared; of two users' nothing can be told.
 *
 * @param hash SHA-256 over the canonical form: a line {@code KEY=MAC} for each part, in the order of their keys;
 *     empty when it is not known
 * @param keyId tells which user's key the parts were made with; it says nothing about the key
 * @param parts in the order of their keys
 */
public record Configuration(String hash, String keyId, List<ConfigurationPart> parts) {
    /** Nothing is known: no key could be had, or there was no time. */
    public static final Configuration UNKNOWN = new Configuration("", "", List.of());

    /** Copies the list. */
    public Configuration {
        parts = List.copyOf(parts);
    }

    /** Whether it can be compared with another one. */
    public boolean isComparableWith(Configuration other) {
        return !hash.isEmpty() && !other.hash.isEmpty() && keyId.equals(other.keyId);
    }

    /** The keys of the parts that the two do not have in common; meaningless where they cannot be compared. */
    public Set<String> differences(Configuration other) {
        Set<ConfigurationKeyed> mine = keyed(parts);
        Set<ConfigurationKeyed> others = keyed(other.parts);
        Set<String> keys = new TreeSet<>();
        for (ConfigurationKeyed part : mine) {
            if (!others.contains(part)) {
                keys.add(part.key());
            }
        }
        for (ConfigurationKeyed part : others) {
            if (!mine.contains(part)) {
                keys.add(part.key());
            }
        }
        return keys;
    }

    /** Whether a part was said to matter little. */
    public boolean isMinor(String key) {
        for (ConfigurationPart part : parts) {
            if (part.key().equals(key)) {
                return part.isMinor();
            }
        }
        return false;
    }

    private static Set<ConfigurationKeyed> keyed(List<ConfigurationPart> parts) {
        Set<ConfigurationKeyed> keyed = new HashSet<>();
        for (ConfigurationPart part : parts) {
            keyed.add(new ConfigurationKeyed(part.key(), part.mac()));
        }
        return keyed;
    }

    /** A part without what was said of its weight. */
    private record ConfigurationKeyed(String key, String mac) {}
}
