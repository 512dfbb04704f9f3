package dev.holdfast.instance;

import dev.holdfast.advisory.AdvisoryHoldersText;
import dev.holdfast.lock.AdvisoryHolders;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.ProvedHolder;
import dev.holdfast.lock.file.SocketFile;
import dev.holdfast.posix.Errno;
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
public final class ConflictMessage {
    /** Why nothing more is known of a holder that only its interlock tells of. */
    static final String LOST =
            "its lock file was removed or replaced, and the process that holds its interlock cannot be looked into from here";

    private final String name;
    private final NameOrigin origin;
    private final LockFile lockFile;

    /**
     * About an instance that somebody gave a name.
     *
     * @param name the instance
     * @param lockFile where its lock is
     */
    public ConflictMessage(String name, LockFile lockFile) {
        this(name, NameOrigin.GIVEN, lockFile);
    }

    /**
     * About an instance.
     *
     * @param name the instance
     * @param origin where its name comes from: one that nobody gave is named as a possible mistake
     * @param lockFile where its lock is
     */
    public ConflictMessage(String name, NameOrigin origin, LockFile lockFile) {
        this.name = name;
        this.origin = origin;
        this.lockFile = lockFile;
    }

    /** For a holder that was looked for, and found or not. */
    public String of(ProvedHolder holder) {
        if (holder instanceof ProvedHolder.Unverifiable unverifiable) {
            boolean canBeAsked = HolderContact.isElsewhere(holder)
                    && SocketFile.beside(lockFile).isSocketOf(Self.effectiveUser());
            return ofUnverifiable(unverifiable) + (canBeAsked ? remedies(true) : remedies(unverifiable));
        }
        return ofProved(holder) + remedies(true);
    }

    private String ofProved(ProvedHolder holder) {
        String who = holder instanceof ProvedHolder.Orphan orphan
                ? "the server of \"" + name + "\" is still running: pid " + pids(orphan)
                        + ", orphaned (its launcher was killed)" + details(orphan.record())
                : running(holder.proved().get(0).pid(), holder.record());
        return who + lockLine("held, verified");
    }

    private String ofUnverifiable(ProvedHolder.Unverifiable holder) {
        int pid = recordedPid(holder.record());
        return "another instance of \"" + name + "\" is already running" + (pid == 0 ? "" : ": pid " + pid)
                + (HolderContact.isElsewhere(holder) ? RecordText.host(holder.record()) : "")
                + details(holder.record())
                + lockLine("held, not verifiable")
                + "\n  why        " + holder.reason();
    }

    private static String pids(ProvedHolder.Orphan orphan) {
        return orphan.holders().stream()
                .map(process -> Integer.toString(process.pid()))
                .collect(Collectors.joining(", "));
    }

    /** For a holder that may be ended by nobody here, although a forced start was wanted. */
    public String ofRefusedTakeover(ProvedHolder holder, String reason) {
        String who = holder instanceof ProvedHolder.Unverifiable unverifiable
                ? ofUnverifiable(unverifiable) + remedies(unverifiable)
                : of(holder);
        return who + "\n  not forced " + reason;
    }

    /** For a holder that was asked to stop, or told to. */
    String ofRefusedStop(ProvedHolder holder, String reason) {
        String who = holder instanceof ProvedHolder.Unverifiable unverifiable
                ? ofUnverifiable(unverifiable) + remedies(unverifiable)
                : ofProved(holder) + look(); // how to stop it is no news to who has just tried
        return who + (reason.isEmpty() ? "" : "\n  not ended  " + reason);
    }

    /** For a forced start that could not end the holder: as this user, nothing else can. */
    public String ofFailedTakeover(ProvedHolder holder, String reason) {
        return ofProved(holder) + look() + "\n  not ended  " + reason;
    }

    private String look() {
        return "\n  look       " + InstanceHint.command("status", name, lockFile);
    }

    /** For a lock file that was removed or replaced under its holder. */
    public String ofInterlock(String pids) {
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
        return "cannot " + verb + " \"" + name + "\": " + LOST
                + "\n  lock file  " + lockFile.path()
                + "\n  stop it    where it runs, by its pid; or end its container; root can see more";
    }

    /** For processes that outlived their launcher without the lock, and that a stop or a forced start can end. */
    public String ofLeftovers(LockRecord record, List<PinnedProcess> living) {
        return leftovers(record, living) + remedies(true);
    }

    /** For processes that outlived their launcher without the lock, and that can be ended by hand at most. */
    public String ofLeftovers(LockRecord record, List<PinnedProcess> living, String obstacle) {
        return leftovers(record, living) + look() + "\n  not ended  " + obstacle;
    }

    private String leftovers(LockRecord record, List<PinnedProcess> living) {
        String pids =
                living.stream().map(process -> Integer.toString(process.pid())).collect(Collectors.joining(", "));
        boolean isServer = record.server().isPresent()
                && living.get(0).identity().isSameProcess(record.server().get());
        return (isServer
                        ? "the server of \"" + name + "\" is still running"
                        : "processes that the server of \"" + name + "\" has started are still running")
                + ": pid " + pids + ", orphaned (its launcher was killed)" + details(Optional.of(record))
                + lockLine("not held");
    }

    /** For processes of which it cannot be told whether they are there. */
    public String ofUnseen(LockRecord record, String reason) {
        return "the server of \"" + name + "\", or what it has started, may still be running"
                + details(Optional.of(record))
                + lockLine("not held")
                + "\n  why        " + reason
                + "\n  what now   look at it as root, and end it by hand";
    }

    /** For a start that is part of the instance. */
    public String ofInside(int pid, Optional<LockRecord> record) {
        return "this start runs inside \"" + name + "\" itself" + (pid == 0 ? "" : " (pid " + pid + ")")
                + (record.isPresent() ? RecordText.host(record) : "")
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
    private String remedies(ProvedHolder.Unverifiable holder) {
        if (HolderContact.isElsewhere(holder)) {
            return remedies(false);
        }
        String look = look();
        if (holder.isStarting()) {
            return look + "\n  what now   try again in a moment";
        }
        if (holder.opaquePid() != 0) {
            boolean isForbidden = Self.kill(holder.opaquePid(), 0) == Errno.EPERM;
            return look + "\n  stop it    kill -TERM " + holder.opaquePid() + (isForbidden ? "      as root" : "");
        }
        AdvisoryHolders holders = AdvisoryHoldersText.seen(lockFile.path());
        return holders.verified().isEmpty()
                ? remedies(false)
                : look + "\n  held by    " + AdvisoryHoldersText.describe(holders)
                        + "\n  stop it    kill -TERM " + pids(holders)
                        + "      if you know that it may end: it is no launcher of this instance";
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
