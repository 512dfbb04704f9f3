package dev.holdfast.supervise;

import dev.holdfast.posix.files.PollSet;
import dev.holdfast.posix.processes.Children;
import dev.holdfast.posix.processes.ProcessStat;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.process.Delivery;
import dev.holdfast.settings.KillMode;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends the server whose launcher has failed, or both of a redeploy that overlaps: TERM, the grace, SIGKILL for all of the
 * tree, and nothing that was in use when it failed. No error in the launcher may leave a server running that nobody watches.
 */
public final class LastDefence {
    private static final int PAUSE_MILLIS = 20;
    /** What the killed may take to die. */
    private static final Duration DEATH = Duration.ofSeconds(2);

    private final Duration grace;
    private final KillMode killMode;
    private final Ticker ticker;

    /**
     * To be made as soon as the server runs: a launcher that has no descriptor left can load no class.
     *
     * @param grace from TERM to SIGKILL
     * @param killMode what ends with the server
     */
    public LastDefence(Duration grace, KillMode killMode, Ticker ticker) {
        this.grace = grace;
        this.killMode = killMode;
        this.ticker = ticker;
    }

    /**
     * Ends all children of this process: both servers at the same time, where there are two. Blocks for the grace and two
     * seconds at the most; signals wait meanwhile.
     *
     * @param servers the servers' pids, children of this process and the leaders of their groups
     * @return whether nothing is left that was to end
     */
    public boolean end(List<Integer> servers) {
        // One that was reaped has no pid any more: its number may be a stranger's.
        List<Integer> children = new ArrayList<>();
        List<ServerProcess> processes = new ArrayList<>();
        try {
            for (int server : servers) {
                ServerProcess process = new ServerProcess(server, killMode, ticker);
                processes.add(process);
                if (isChild(server)) {
                    children.add(server);
                } else {
                    var unused = process.hasEnded(server);
                }
            }
            return endInOrder(processes);
        } catch (RuntimeException | Error e) {
            // Out of memory, most likely. What needs none still works, and the kernel may end the rest when we are
            // gone.
            for (int server : children) {
                // Refused or not, what is left of it is told as such.
                var unusedGroup = Self.kill(-server, Signals.KILL);
                var unusedServer = Self.kill(server, Signals.KILL);
            }
            return isAllReaped();
        }
    }

    /** Looked for by what has not failed yet, maybe. */
    private boolean isAllReaped() {
        long giveUpAt = ticker.nanoTime() + DEATH.toNanos();
        try {
            while (ticker.nanoTime() < giveUpAt) {
                Children.Change change = Children.next().change();
                if (change == Children.Change.NO_CHILDREN) {
                    return true;
                }
                if (change == Children.Change.NONE) {
                    LockSupport.parkNanos(PAUSE_MILLIS * 1_000_000L);
                }
            }
        } catch (RuntimeException | Error e) {
            return false; // told as left: the record stays
        }
        return false;
    }

    private static boolean isChild(int server) {
        Optional<ProcessStat> stat = ProcessStat.of(server);
        // EMFILE, or a hidden one: its group needs no descriptor.
        return stat.isPresent() ? stat.get().parent() == Self.pid() : Children.isAnyInGroup(server);
    }

    /** Who refuses TERM is left, as all of its tree is; the other one is ended all the same. */
    private boolean endInOrder(List<ServerProcess> servers) {
        long killAt = ticker.nanoTime() + grace.toNanos();
        long giveUpAt = killAt + DEATH.toNanos();
        List<ServerProcess> ending = new ArrayList<>();
        for (ServerProcess server : servers) {
            if (server.isReaped() || server.signal(Signals.TERM) != Delivery.REFUSED) {
                ending.add(server);
            }
        }
        for (ServerProcess server : ending) {
            server.wake();
        }
        return awaitEnd(ending, killAt, giveUpAt) && ending.size() == servers.size();
    }

    private boolean awaitEnd(List<ServerProcess> servers, long killAt, long giveUpAt) {
        try (PollSet pause = new PollSet(1)) {
            while (ticker.nanoTime() < giveUpAt) {
                boolean hasChildren = reap(servers);
                boolean areReaped = areReaped(servers);
                if (!hasChildren || (areReaped && !isSomethingLeft(servers))) {
                    return true;
                }
                boolean isOverdue = ticker.nanoTime() >= killAt;
                for (ServerProcess server : servers) {
                    if (isOverdue) {
                        var unused = server.signalWhatEnds(Signals.KILL);
                    } else if (areReaped) { // what is left is not told apart, and the other one's workers are its own
                        var unused = server.terminateWhatEnds();
                    }
                }
                var unused = pause.await(PAUSE_MILLIS);
            }
        }
        return false;
    }

    private static boolean areReaped(List<ServerProcess> servers) {
        boolean all = true;
        for (ServerProcess server : servers) {
            all &= server.isReaped();
        }
        return all;
    }

    private static boolean isSomethingLeft(List<ServerProcess> servers) {
        boolean any = false;
        for (ServerProcess server : servers) {
            any |= server.hasSomethingToEnd();
        }
        return any;
    }

    /** Whether there are children still. */
    private boolean reap(List<ServerProcess> servers) {
        long end = ticker.nanoTime() + PAUSE_MILLIS * 1_000_000L;
        while (ticker.nanoTime() < end) {
            Children.News news = Children.next();
            if (news.change() == Children.Change.NO_CHILDREN) {
                return false;
            }
            if (news.change() == Children.Change.NONE) {
                return true;
            }
            if (news.change() != Children.Change.STOPPED) {
                for (ServerProcess server : servers) {
                    var unused = server.hasEnded(news.pid());
                }
            }
        }
        return true;
    }
}
