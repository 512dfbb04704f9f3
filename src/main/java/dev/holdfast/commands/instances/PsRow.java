package dev.holdfast.commands.instances;

import dev.holdfast.registry.InstanceEntry;
import dev.holdfast.registry.InstanceRecord;

/**
 * An instance in the list.
 *
 * @param entry its file, and what was found out about it
 * @param user the user that its server runs as; the file's owner where that cannot be told
 * @param kilobytes the memory of all its processes; 0 where that cannot be told
 */
public record PsRow(InstanceEntry.Known entry, String user, long kilobytes) {
    InstanceRecord instance() {
        return entry.record();
    }

    /** The state that it told, or what is wrong with it. */
    String state() {
        return entry instanceof InstanceEntry.Active ? instance().state() : verdict();
    }

    /** What was found out. */
    String verdict() {
        if (entry instanceof InstanceEntry.Active) {
            return "active";
        }
        if (entry instanceof InstanceEntry.Orphaned) {
            return "orphaned";
        }
        return entry instanceof InstanceEntry.Stale ? "stale" : "elsewhere";
    }

    /** Whether its processes are here. */
    boolean isHere() {
        return entry instanceof InstanceEntry.Active || entry instanceof InstanceEntry.Orphaned;
    }

    int pid() {
        return instance().lock().launcher().pid();
    }
}
