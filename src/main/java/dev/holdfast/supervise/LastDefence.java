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
import java.util.Optional;

/**
 * Ends a server whose launcher has failed: TERM, the grace, SIGKILL for all of the tree, and nothing that was in use when
 * it failed. No error in the launcher may leave a server running that nobody watches.
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
     * Ends all children of this process. Blocks for the grace and two seconds at the most; signals wait meanwhile.
     *
     * @param server the server's pid, a child of this process and the leader of its group
     * @return whether nothing is left that was to end
     */
    public boolean end(int server) {
        // One that was reaped has no pid any more: its number may be a stranger's.
        boolean isChild = false;
        try {
            isChild = isChild(server);
            ServerProcess process = new ServerProcess(server, killMode, ticker);
            if (!isChild) {
                var unused = process.hasEnded(server);
            }
            return endInOrder(process);
        } catch (RuntimeException | Error e) {
            // Out of memory, most likely. What needs none still works, and the kernel may end the rest when we are
            // gone.
            if (isChild) {
                // Refused or not, what is left of it is told as such.
                var unusedGroup = Self.kill(-server, Signals.KILL);
                var unusedServer = Self.kill(server, Signals.KILL);
            }
            return false;
        }
    }

    private static boolean isChild(int server) {
        Optional<ProcessStat> stat = ProcessStat.of(server);
        // EMFILE, or a hidden one: its group needs no descriptor.
        return stat.isPresent() ? stat.get().parent() == Self.pid() : Children.isAnyInGroup(server);
    }

    private boolean endInOrder(ServerProcess server) {
        long killAt = ticker.nanoTime() + grace.toNanos();
        long giveUpAt = killAt + DEATH.toNanos();
        if (!server.isReaped()) {
            boolean isRefused = server.signal(Signals.TERM) == Delivery.REFUSED;
            if (isRefused) {
                return false;
            }
            server.wake();
        }
        try (PollSet pause = new PollSet(1)) {
            while (ticker.nanoTime() < giveUpAt) {
                boolean hasChildren = reap(server);
                if (!hasChildren || (server.isReaped() && !server.hasSomethingToEnd())) {
                    return true;
                }
                if (ticker.nanoTime() >= killAt) {
                    var unused = server.signalWhatEnds(Signals.KILL);
                } else if (server.isReaped()) {
                    var unused = server.terminateWhatEnds();
                }
                var unused = pause.await(PAUSE_MILLIS);
            }
        }
        return false;
    }

    /** Whether there are children still. */
    private boolean reap(ServerProcess server) {
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
                var unused = server.hasEnded(news.pid());
            }
        }
        return true;
    }
}
