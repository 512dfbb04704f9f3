package dev.holdfast.supervise;

import dev.holdfast.process.Delivery;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.settings.SignalTarget;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a {@link ServerLife} needs of the server's processes. */
interface ServerTree extends AutoCloseable {
    /** The one that was started. */
    int pid();

    /** The process that gets the signals. */
    int mainPid();

    /** What tells of the end of another main process; -1 for none. */
    int mainDescriptor();

    /** Whether the kernel ends all of it together with this process, whoever may signal whom. */
    boolean endsWithLauncher();

    /** Whether the server has ended, and has been reaped. */
    boolean isReaped();

    /** A child was reaped. */
    boolean hasEnded(int child);

    /**
     * Another main process has ended and is not ours to reap. The one that was started counts again, if it lives.
     *
     * @return whether the server has ended with it; false also when yet another one has become the main process meanwhile
     */
    boolean hasLostMain();

    /**
     * Another process is the main one from now on: it gets the signals, and its end is the server's.
     *
     * @return false when it is none of the server's tree, and nothing has changed: anybody of the same user can say it
     */
    boolean tryMain(long process);

    /** To the server alone. */
    Delivery signal(int number);

    /** To the server's process group, for what a terminal would send to all of it. */
    Delivery signalGroup(int number);

    /** To whom the target says. Tells what became of the server's own. */
    Delivery signal(int number, SignalTarget target);

    /** Continues the server when it is stopped by job control, or it would never see a signal. */
    void wake();

    /** Asks everything to end that is to end with the server, orphans included, each process once. */
    Reach terminateWhatEnds();

    /** What ran beside the server, and has got SIGKILL: nothing of what it leaves, whether it is reaped by then or not. */
    void helpersWereKilled(List<ProcessIdentity> helpers);

    /** Sends a signal to everything that is to end, orphans included, and continues what is stopped. */
    Reach signalWhatEnds(int number);

    /** Whether anything is left that is to end, once the server is reaped and there are still children. */
    boolean hasSomethingToEnd();

    /**
     * Another server runs beside, or is about to: from now on what is not known to be of this one is not its own.
     *
     * @param kinship tells what is; null when it is alone again, and all is
     */
    default void setApart(@Nullable Kinship kinship) {}

    /** Whether a descendant of this process is of this server. Safe for use by many threads. */
    default boolean isOurs(int process) {
        return true;
    }

    /** The pids of all that is to end, for a message. */
    String whatEnds();

    @Override
    void close();

    /** How far a signal to many has reached. */
    final class Reach {
        private int sent;
        private int firstRefused;

        /** One more was tried. */
        void count(int process, Delivery delivery) {
            if (delivery == Delivery.SENT) {
                sent++;
            } else if (delivery == Delivery.REFUSED && firstRefused == 0) {
                firstRefused = process;
            }
        }

        /** How many have got it. */
        int sent() {
            return sent;
        }

        /** One who may not be signalled; 0 when there is none. */
        int firstRefused() {
            return firstRefused;
        }

        /** Whether there was nobody to be signalled. */
        boolean isNobody() {
            return sent == 0 && firstRefused == 0;
        }
    }

    /** Makes the tree of a server that was just started. */
    @FunctionalInterface
    interface Factory {
        /**
         * Makes it.
         *
         * @param pid the server's, a child of this process
         */
        ServerTree of(int pid);
    }
}
