package dev.holdfast.guard;

import dev.holdfast.journal.Journal;
import dev.holdfast.posix.files.FileSearch;
import dev.holdfast.registry.InstanceEntry;
import dev.holdfast.registry.InstanceRecord;
import dev.holdfast.registry.InstancesFolder;
import dev.holdfast.registry.Registration;
import dev.holdfast.registry.RegistryException;
import dev.holdfast.registry.conflict.CommonText;
import dev.holdfast.registry.conflict.Conflict;
import dev.holdfast.registry.conflict.ConflictSearch;
import dev.holdfast.settings.ConflictDetection;
import dev.holdfast.waiting.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks once, when the server runs and the instance is registered, with whom it is in conflict, and says so in one line. It
 * refuses nothing. File by file, so that a registry of thousands holds up no signal; the others' folders are not looked at,
 * since one of them may be on a file server that is away. What has nothing in common with this instance is not even parsed, so
 * that a launcher among many others needs no more memory than one alone.
 */
public final class ConflictReport {
    private final Registration registration;
    private final ConflictDetection level;
    private final Journal journal;
    private final Ticker ticker;
    private final List<Conflict> found = new ArrayList<>();
    /** Made when there is something to compare: most starts load no class of it. */
    private @Nullable ConflictSearch comparison;

    private @Nullable List<String> names;
    private @Nullable List<byte[]> inCommon;
    private int at;
    private int common;
    private int live;
    private int left;
    private int other;

    /**
     * Nothing is looked at yet.
     *
     * @param registration this instance's, written already
     * @param level how much two instances may have in common before that is told
     * @param journal is told
     */
    public ConflictReport(Registration registration, ConflictDetection level, Journal journal, Ticker ticker) {
        this.registration = registration;
        this.level = level;
        this.journal = journal;
        this.ticker = ticker;
    }

    /**
     * Goes on for some time, or to the end.
     *
     * @return whether it has come to the end
     */
    public boolean isDoneAfter(long nanos) {
        long until = ticker.nanoTime() + nanos;
        Optional<InstanceRecord> own = registration.written();
        if (own.isEmpty()) {
            return true;
        }
        try (InstancesFolder folder = registration.open()) {
            List<String> all = names == null ? folder.others(own.get().instanceId()) : names;
            names = all;
            if (!isReadUntil(until, own.get(), folder, all)) {
                return false;
            }
        } catch (RegistryException e) {
            journal.debug("conflicts are not looked for: " + e.getMessage());
            return true;
        }
        tell();
        return true;
    }

    private boolean isReadUntil(long until, InstanceRecord own, InstancesFolder folder, List<String> all) {
        if (at == all.size()) {
            return true;
        }
        List<byte[]> texts = inCommon == null ? CommonText.of(own) : inCommon;
        inCommon = texts;
        try (FileSearch search = new FileSearch(texts)) {
            while (at < all.size()) {
                String name = all.get(at++);
                if (folder.mayHave(name, search)) {
                    look(own, folder.look(name));
                }
                if (ticker.nanoTime() >= until) {
                    return at == all.size();
                }
            }
        }
        return true;
    }

    private void look(InstanceRecord own, Optional<InstanceEntry> entry) {
        if (entry.isEmpty()) {
            return;
        }
        common++;
        if (entry.get() instanceof InstanceEntry.Active || entry.get() instanceof InstanceEntry.Orphaned) {
            live++;
            ConflictSearch pairs = comparison == null ? new ConflictSearch(level) : comparison;
            comparison = pairs;
            Optional<Conflict> conflict = pairs.asRecorded(own, ((InstanceEntry.Known) entry.get()).record());
            if (conflict.isPresent()) {
                found.add(conflict.get());
            }
        } else if (entry.get() instanceof InstanceEntry.Stale) {
            left++;
        } else {
            other++;
        }
    }

    /** The steps are those of the document that asked for them. */
    private void tell() {
        step(1, "this instance runs, and is registered");
        step(2, "load existing instance files: " + at + ", with something in common: " + common);
        step(3, "check process existence: live=" + live + " stale=" + left + " other=" + other);
        step(4, "compare configurations: different=" + count(Conflict.Type.CONFIGURATION_MISMATCH));
        step(5, "detect directory overlaps: several=" + count(Conflict.Type.MULTIPLE_INSTANCES));
        step(6, "report: conflicts=" + found.size() + " level=" + level);
        for (Conflict conflict : found) {
            step(7, "recommendation: " + conflict.recommendation("holdfast resolve"));
        }
        if (found.isEmpty()) {
            step(7, "recommendation: none");
            return;
        }
        Conflict first = found.get(0);
        String more = found.size() > 1 ? ", and " + (found.size() - 1) + " more" : "";
        journal.warn(first.type().word() + ": " + first.details() + ", with " + with(first) + more
                + "; holdfast doctor tells what to do");
    }

    private void step(int number, String text) {
        journal.debug("conflict detection, step " + number + ": " + text);
    }

    private int count(Conflict.Type type) {
        int count = 0;
        for (Conflict conflict : found) {
            count += conflict.type() == type ? 1 : 0;
        }
        return count;
    }

    /** Of the two the one that is not this instance. */
    private String with(Conflict conflict) {
        Optional<InstanceRecord> own = registration.written();
        boolean isOwnFirst = own.isPresent()
                && conflict.instance().instanceId().equals(own.get().instanceId());
        InstanceRecord shown =
                isOwnFirst && conflict.other().isPresent() ? conflict.other().get() : conflict.instance();
        return "\"" + shown.name() + "\" pid=" + shown.lock().launcher().pid();
    }
}
