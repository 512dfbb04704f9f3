package dev.holdfast.cli;

import dev.holdfast.advisory.AdvisoryHoldersText;
import dev.holdfast.instance.Incumbent;
import dev.holdfast.instance.Obstacle;
import dev.holdfast.instance.ObstacleText;
import dev.holdfast.instance.RecordText;
import dev.holdfast.instance.Refusal;
import dev.holdfast.lock.AdvisoryHolders;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.SocketFile;
import dev.holdfast.posix.processes.Accounts;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.process.PinnedProcess;
import dev.holdfast.settings.NameOrigin;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a refused start tells: who runs, since when, where the lock is, and what can be done.
 *
 * <p>Nothing but the record and pids goes into it: no command line and no variable of anybody.
 */
final class ConflictMessage {
    private final String name;
    private final NameOrigin origin;
    private final LockFile lockFile;

    /**
     * About an instance that somebody gave a name.
     *
     * @param lockFile where its lock is
     */
    ConflictMessage(String name, LockFile lockFile) {
        this(name, NameOrigin.GIVEN, lockFile);
    }

    /**
     * About an instance.
     *
     * @param origin where its name comes from: one that nobody gave is named as a possible mistake
     * @param lockFile where its lock is
     */
    ConflictMessage(String name, NameOrigin origin, LockFile lockFile) {
        this.name = name;
        this.origin = origin;
        this.lockFile = lockFile;
    }

    /** For somebody who is in the way, and stays. */
    String of(Refusal refusal) {
        Incumbent incumbent = refusal.incumbent();
        Optional<Obstacle> obstacle = refusal.obstacle();
        String why = obstacle.isEmpty() ? "" : ObstacleText.withFlags(obstacle.get());
        if (incumbent instanceof Incumbent.Detached detached) {
            return ofDetached(detached, why);
        }
        if (incumbent instanceof Incumbent.Unseen unseen) {
            return ofUnseen(unseen);
        }
        if (incumbent instanceof Incumbent.Around around) {
            return ofAround(around);
        }
        if (incumbent instanceof Incumbent.Fileless fileless) {
            return ofFileless(fileless);
        }
        return ofHolder(incumbent, refusal.attempt()) + (why.isEmpty() ? "" : notDone(refusal.attempt()) + why);
    }

    private static String notDone(Refusal.Attempt attempt) {
        if (attempt == Refusal.Attempt.ACTIVATION) {
            return "\n  not told   ";
        }
        return attempt == Refusal.Attempt.END ? "\n  not ended  " : "\n  not forced ";
    }

    private String ofHolder(Incumbent incumbent, Refusal.Attempt attempt) {
        if (incumbent instanceof Incumbent.Unverified unverified) {
            boolean canBeAsked = attempt == Refusal.Attempt.START
                    && unverified.isElsewhere()
                    && SocketFile.beside(lockFile).isSocketOf(Self.effectiveUser());
            return ofUnverified(unverified) + (canBeAsked ? remedies(true) : remedies(unverified));
        }
        // How to stop it is no news to who has just tried; as this user, nothing else can.
        boolean isLookEnough = attempt == Refusal.Attempt.END || attempt == Refusal.Attempt.ACTIVATION;
        return ofProved(incumbent) + (isLookEnough ? look() : remedies(true)) + sharing(incumbent);
    }

    /** By its own user, and by nobody else. */
    private String sharing(Incumbent incumbent) {
        Optional<LockRecord> record = incumbent.record();
        boolean isShared = record.isPresent()
                && record.get().care().isShared()
                && SocketFile.beside(lockFile).isSocketOf(Self.effectiveUser());
        return isShared && incumbent instanceof Incumbent.Running
                ? "\n  share it   it is shared; add --share to attach"
                : "";
    }

    private String ofProved(Incumbent incumbent) {
        String who = incumbent instanceof Incumbent.Orphaned orphaned
                ? "the server of \"" + name + "\" is still running: pid " + pids(orphaned.pids())
                        + ", orphaned (its launcher was killed)" + details(orphaned.record())
                : running(incumbent.pid(), incumbent.record());
        return who + lockLine("held, verified");
    }

    private String ofUnverified(Incumbent.Unverified holder) {
        int pid = recordedPid(holder.record());
        return "another instance of \"" + name + "\" is already running" + (pid == 0 ? "" : ": pid " + pid)
                + (holder.isElsewhere() ? RecordText.host(holder.record()) : "")
                + details(holder.record())
                + lockLine("held, not verifiable")
                + "\n  why        " + ObstacleText.of(holder.doubt());
    }

    private static String pids(List<Integer> pids) {
        return pids.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private String look() {
        return "\n  look       " + InstanceHint.command("status", name, lockFile);
    }

    private String ofFileless(Incumbent.Fileless holder) {
        String pids = holder.pids();
        return "another instance of \"" + name + "\" is already running"
                + (pids.isEmpty() ? "" : ": pid " + pids)
                + ", but its lock file was removed or replaced"
                + lockLine("not the holder's any more")
                + (pids.isEmpty()
                        ? "\n  stop it    where it runs, by its pid; or end its container"
                        : "\n  stop it    kill -TERM " + pids);
    }

    /** For a holder of which only the interlock tells. */
    String ofLost(String verb) {
        return "cannot " + verb + " \"" + name + "\": " + ObstacleText.LOST
                + "\n  lock file  " + lockFile.path()
                + "\n  stop it    where it runs, by its pid; or end its container; root can see more";
    }

    private String ofDetached(Incumbent.Detached left, String obstacle) {
        return (left.isServer()
                        ? "the server of \"" + name + "\" is still running"
                        : "processes that the server of \"" + name + "\" has started are still running")
                + ": pid " + pids(left.pids()) + ", orphaned (its launcher was killed)" + details(left.record())
                + lockLine("not held")
                + (obstacle.isEmpty() ? remedies(true) : look() + "\n  not ended  " + obstacle);
    }

    private String ofUnseen(Incumbent.Unseen left) {
        return "the server of \"" + name + "\", or what it has started, may still be running"
                + details(left.record())
                + lockLine("not held")
                + "\n  why        " + ObstacleText.of(left.server())
                + "\n  what now   look at it as root, and end it by hand";
    }

    private String ofAround(Incumbent.Around around) {
        return "this start runs inside \"" + name + "\" itself"
                + (around.pid() == 0 ? "" : " (pid " + around.pid() + ")")
                + (around.record().isPresent() ? RecordText.host(around.record()) : "")
                + ": it would wait for, or end, the very instance that it is part of"
                + lockLine("held by the instance around")
                + "\n  what now   start the server without holdfast here, or give this one a name of its own by --name NAME";
    }

    /** For a lock that is another user's. */
    String ofForeign(String verb, int owner) {
        String user = Accounts.numbered(owner).map(found -> found.name() + ", ").orElse("");
        return "cannot " + verb + " \"" + name + "\": its lock file belongs to another user (" + user + "uid "
                + Integer.toUnsignedString(owner) + ")"
                + "\n  lock file  " + lockFile.path()
                + "\n  what now   run as that user";
    }

    private String running(int pid, Optional<LockRecord> record) {
        return "another instance of \"" + name + "\" is already running" + (pid == 0 ? "" : ": pid " + pid)
                + details(record);
    }

    private static int recordedPid(Optional<LockRecord> record) {
        return record.isPresent() ? record.get().launcher().pid() : 0;
    }

    private static String details(Optional<LockRecord> record) {
        return record.isPresent() ? RecordText.details(record.get()) : "";
    }

    private String lockLine(String state) {
        return "\n  lock file  " + lockFile.path() + " (" + state + ")";
    }

    /** A holder that is nobody's instance has no launcher to stop it by. */
    private String remedies(Incumbent.Unverified holder) {
        if (holder.isElsewhere()) {
            return remedies(false);
        }
        String look = look();
        if (holder.isStarting()) {
            return look + "\n  what now   try again in a moment";
        }
        if (holder.opaquePid() != 0) {
            boolean isForbidden = isOutOfReach(holder.opaquePid());
            return look + "\n  stop it    kill -TERM " + holder.opaquePid() + (isForbidden ? "      as root" : "");
        }
        AdvisoryHolders holders = AdvisoryHoldersText.seen(lockFile.path());
        return holders.verified().isEmpty()
                ? remedies(false)
                : look + "\n  held by    " + AdvisoryHoldersText.describe(holders)
                        + "\n  stop it    kill -TERM " + pids(holders)
                        + "      if you know that it may end: it is no launcher of this instance";
    }

    private static boolean isOutOfReach(int pid) {
        try (PinnedProcess process = PinnedProcess.pin(pid).orElse(null)) {
            return process != null && process.isOutOfReach();
        }
    }

    private static String pids(AdvisoryHolders holders) {
        return holders.verified().stream()
                .map(process -> Long.toString(process.pid()))
                .collect(Collectors.joining(" "));
    }

    private String remedies(boolean canBeForced) {
        String look = look();
        String stop = InstanceHint.command("stop", name, lockFile);
        String another = origin == NameOrigin.GIVEN
                ? ""
                : "\n  not it?    its name was taken from the command: give another server one of its own by --name NAME";
        return (canBeForced
                        ? look + "\n  stop it    " + stop + "      or start with FORCE_TERMINATE=true to take over"
                        : look + "\n  stop it    where it runs: " + stop + "; or end its container")
                + another;
    }
}
