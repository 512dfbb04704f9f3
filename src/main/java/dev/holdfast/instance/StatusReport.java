package dev.holdfast.instance;

import dev.holdfast.lock.file.LockRecord;
import java.util.Locale;

/**
 * What {@code status} says of one instance.
 *
 * @param name the instance
 * @param inspection what was found
 */
public record StatusReport(String name, Inspection inspection) {
    /** The word for a state, as people and programs read it. */
    public static String state(LockRecord.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
