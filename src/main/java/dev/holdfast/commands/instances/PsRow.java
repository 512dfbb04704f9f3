package dev.holdfast.commands.instances;

import dev.holdfast.control.ControlAnswer;
import dev.holdfast.instance.SharedClients;
import dev.holdfast.json.jackson.Json;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.registry.InstanceEntry;
import dev.holdfast.registry.InstanceRecord;
import java.util.OptionalInt;

/**
 * An instance in the list.
 *
 * @param entry its file, and what was found out about it
 * @param user the user that its server runs as; the file's owner where that cannot be told
 * @param kilobytes the memory of all its processes; 0 where that cannot be told
 * @param clients how many share its server; empty where it is not shared, or that cannot be told
 */
public record PsRow(InstanceEntry.Known entry, String user, long kilobytes, OptionalInt clients) {
    /** How many share an instance's server now. */
    public static OptionalInt clients(InstanceEntry.Known entry) {
        InstanceRecord instance = entry.record();
        if (!(entry instanceof InstanceEntry.Active) || !instance.lock().care().isShared()) {
            return OptionalInt.empty();
        }
        return SharedClients.of(LockFile.at(instance.lockFile()), instance.lock())
                .flatMap(Json::read)
                .map(answer -> OptionalInt.of(
                        answer.at("/" + ControlAnswer.SHARE + "/clients").size()))
                .orElse(OptionalInt.empty());
    }

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
