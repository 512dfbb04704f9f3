package dev.holdfast.registry.conflict;

import dev.holdfast.registry.DataDirectory;
import dev.holdfast.registry.InstanceEntry;
import dev.holdfast.registry.InstanceRecord;
import dev.holdfast.settings.ConflictDetection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Compares all instances of a registry with each other. Those that live elsewhere are left out, since nothing here can
 * tell whether they run; so are those of other users, whose files are not read.
 *
 * <p>Only those are compared that have something in common, so that thousands cost no more than they must.
 */
public final class ConflictSearch {
    private final LevelRules rules;

    /** Of a level. */
    public ConflictSearch(ConflictDetection level) {
        rules = LevelRules.of(level);
    }

    /** One that may get in another's way, with where its data is. */
    private record Candidate(InstanceRecord record, List<Place> places) {
        static Candidate of(InstanceRecord record) {
            List<Place> places = new ArrayList<>();
            for (DataDirectory directory : record.directories()) {
                places.add(Place.of(directory));
            }
            return new Candidate(record, places);
        }

        static Candidate asRecorded(InstanceRecord record) {
            List<Place> places = new ArrayList<>();
            for (DataDirectory directory : record.directories()) {
                places.add(Place.asRecorded(directory));
            }
            return new Candidate(record, places);
        }
    }

    /**
     * All conflicts: two instances have one at the most.
     *
     * @param entries what the registry's folder has
     */
    public List<Conflict> among(List<InstanceEntry> entries) {
        List<Candidate> candidates = new ArrayList<>();
        List<Conflict> found = new ArrayList<>();
        List<Conflict> stale = new ArrayList<>();
        Map<String, List<Integer>> byMark = new HashMap<>();
        for (InstanceEntry entry : entries) {
            if (entry instanceof InstanceEntry.Stale left) {
                stale.add(ofStale(left.record()));
            } else if (entry instanceof InstanceEntry.Active || entry instanceof InstanceEntry.Orphaned) {
                Candidate candidate = Candidate.of(((InstanceEntry.Known) entry).record());
                for (int earlier : met(candidate, byMark)) {
                    compare(candidate, candidates.get(earlier)).ifPresent(found::add);
                }
                addMarks(candidate, candidates.size(), byMark);
                candidates.add(candidate);
            }
        }
        found.addAll(stale);
        return found;
    }

    /**
     * The conflicts of one instance with the others.
     *
     * @param own which
     * @param entries what the registry's folder has; its own entry is passed over
     */
    public List<Conflict> of(InstanceRecord own, List<InstanceEntry> entries) {
        List<Conflict> found = new ArrayList<>();
        Candidate candidate = Candidate.of(own);
        for (InstanceEntry entry : entries) {
            boolean isLive = entry instanceof InstanceEntry.Active || entry instanceof InstanceEntry.Orphaned;
            if (isLive && !((InstanceEntry.Known) entry).record().instanceId().equals(own.instanceId())) {
                compare(candidate, Candidate.of(((InstanceEntry.Known) entry).record()))
                        .ifPresent(found::add);
            }
        }
        return found;
    }

    /**
     * The conflict of one instance with another one, by what is recorded of that one's folders: they are not looked at, so
     * it does not wait for their file systems. What is found by links inside of another folder only is missed.
     *
     * @param own whose folders are looked at
     * @param other another one that runs
     */
    public Optional<Conflict> asRecorded(InstanceRecord own, InstanceRecord other) {
        return compare(Candidate.of(own), Candidate.asRecorded(other));
    }

    /** Who has something in common with it, in the order in which they came. */
    private static List<Integer> met(Candidate candidate, Map<String, List<Integer>> byMark) {
        Set<Integer> met = new HashSet<>();
        for (String mark : marks(candidate, true)) {
            met.addAll(byMark.getOrDefault(mark, List.of()));
        }
        return met.stream().sorted().toList();
    }

    /** Also under the folders above it, which a later one may be. */
    private static void addMarks(Candidate candidate, int number, Map<String, List<Integer>> byMark) {
        for (String mark : marks(candidate, false)) {
            byMark.computeIfAbsent(mark, key -> new ArrayList<>()).add(number);
        }
        for (Place place : candidate.places()) {
            for (String mark : place.above()) {
                byMark.computeIfAbsent("inside " + mark, key -> new ArrayList<>())
                        .add(number);
            }
        }
    }

    private static Set<String> marks(Candidate candidate, boolean isLooking) {
        Set<String> marks = new HashSet<>();
        marks.add("name " + candidate.record().name());
        if (candidate.record().port() > 0) {
            marks.add("port " + candidate.record().port());
        }
        for (Place place : candidate.places()) {
            marks.add("path " + place.path());
            for (String mark : place.marks()) {
                marks.add("folder " + mark);
                if (isLooking) {
                    marks.add("inside " + mark);
                }
            }
            if (isLooking) {
                for (String mark : place.above()) {
                    marks.add("folder " + mark);
                }
            }
        }
        return marks;
    }

    private Optional<Conflict> compare(Candidate one, Candidate other) {
        boolean isLater =
                one.record().lock().startTime().compareTo(other.record().lock().startTime()) >= 0;
        return isLater ? ofPair(one, other) : ofPair(other, one);
    }

    private Optional<Conflict> ofPair(Candidate later, Candidate earlier) {
        InstanceRecord record = later.record();
        InstanceRecord other = earlier.record();
        Overlap overlap = overlap(later.places(), earlier.places());
        List<String> keys = new ArrayList<>(rules.differences(record.configuration(), other.configuration()));
        boolean isOneName = record.name().equals(other.name());
        int port = isSamePort(record, other) ? record.port() : 0;
        if (!keys.isEmpty() && (isOneName || rules.counts(overlap))) {
            return Optional.of(new Conflict(
                    Conflict.Type.CONFIGURATION_MISMATCH,
                    true,
                    Conflict.Severity.HIGH,
                    record,
                    Optional.of(other),
                    keys,
                    overlap,
                    port));
        }
        boolean isTold = rules.counts(overlap) && rules.several() != LevelRules.Several.NOT_TOLD;
        if (port == 0 && !isTold) {
            return Optional.empty();
        }
        return Optional.of(new Conflict(
                Conflict.Type.MULTIPLE_INSTANCES,
                port > 0 || rules.several() == LevelRules.Several.CONFLICT,
                port > 0 ? Conflict.Severity.HIGH : Conflict.Severity.WARNING,
                record,
                Optional.of(other),
                List.of(),
                overlap,
                port));
    }

    private static Overlap overlap(List<Place> some, List<Place> others) {
        Overlap most = Overlap.NONE;
        for (Place place : some) {
            for (Place other : others) {
                Overlap overlap = place.with(other);
                most = overlap.compareTo(most) > 0 ? overlap : most;
            }
        }
        return most;
    }

    /** Two addresses of one machine may have the same port, unless one of them stands for all. */
    private static boolean isSamePort(InstanceRecord one, InstanceRecord other) {
        return one.port() > 0
                && one.port() == other.port()
                && (isAny(one.address())
                        || isAny(other.address())
                        || one.address().equals(other.address()));
    }

    private static boolean isAny(String address) {
        return address.isEmpty() || address.equals("*") || address.equals("0.0.0.0") || address.equals("::");
    }

    private static Conflict ofStale(InstanceRecord record) {
        return new Conflict(
                Conflict.Type.STALE_INSTANCE,
                false,
                Conflict.Severity.LOW,
                record,
                Optional.empty(),
                List.of(),
                Overlap.NONE,
                0);
    }
}
