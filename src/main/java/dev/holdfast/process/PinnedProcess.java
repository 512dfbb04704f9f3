package dev.holdfast.process;

import dev.holdfast.posix.processes.ProcessDescriptor;
import dev.holdfast.posix.processes.ProcessStat;
import dev.holdfast.posix.signals.Signals;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A process that is pinned by a pidfd: whatever is sent reaches it or nobody.
 *
 * <p>Facts read from {@code /proc} while {@link #hasEnded} is still false afterwards describe this very process, since
 * its pid cannot have been given to another. Not safe for use by many threads.
 */
public final class PinnedProcess implements AutoCloseable {
    private final ProcessDescriptor descriptor;
    private final ProcessIdentity identity;

    private PinnedProcess(ProcessDescriptor descriptor, ProcessIdentity identity) {
        this.descriptor = descriptor;
        this.identity = identity;
    }

    /**
     * Pins the process that has a pid now.
     *
     * @param pid as seen here
     * @return the process; empty when there surely is none, or when it has ended. One that {@code /proc} hides is there,
     *     of unknown start
     */
    public static Optional<PinnedProcess> pin(int pid) {
        if (pid <= 0) {
            return Optional.empty();
        }
        Optional<ProcessDescriptor> descriptor = ProcessDescriptor.open(pid);
        if (descriptor.isEmpty()) {
            return Optional.empty();
        }
        Optional<ProcessIdentity> identity = ProcessIdentity.of(descriptor.get());
        if (identity.isEmpty() || descriptor.get().hasEnded()) {
            descriptor.get().close();
            return Optional.empty();
        }
        return Optional.of(new PinnedProcess(descriptor.get(), identity.get()));
    }

    /** Which process it is. */
    public ProcessIdentity identity() {
        return identity;
    }

    /** The pid, as seen here. */
    public int pid() {
        return identity.pid();
    }

    /** The pids of several, in their order. */
    public static List<Integer> pids(List<PinnedProcess> processes) {
        List<Integer> pids = new ArrayList<>();
        for (PinnedProcess process : processes) {
            pids.add(process.pid());
        }
        return pids;
    }

    /** The pidfd to poll: readable when the process ends. */
    public int descriptor() {
        return descriptor.descriptor();
    }

    /** Whether it runs no more. A zombie does not. */
    public boolean hasEnded() {
        return descriptor.hasEnded();
    }

    /**
     * Waits for its end. Blocks.
     *
     * @param timeoutMillis how long at the most; negative waits for ever
     * @return whether it has ended
     */
    public boolean awaitEnd(int timeoutMillis) {
        return descriptor.awaitEnd(timeoutMillis);
    }

    /** Sends it a signal; never to another process that has its number by now. */
    public Delivery send(int signal) {
        return Delivery.of(descriptor.send(signal));
    }

    /** Whether it is there and this process may not signal it; {@link SignalRefusal} says why. Sends nothing. */
    public boolean isOutOfReach() {
        return send(0) == Delivery.REFUSED;
    }

    /** Queues a signal together with a value, as sigqueue(3) does. */
    public Delivery queue(int signal, int value) {
        return Delivery.of(descriptor.queue(signal, value));
    }

    /** Sends it a signal that it shall act on: when it is stopped, it is continued, or it would never see it. */
    public Delivery sendAndWake(int signal) {
        Delivery delivery = send(signal);
        if (delivery == Delivery.SENT) {
            return isStopped() ? send(Signals.CONT) : delivery;
        }
        return delivery;
    }

    /** Whether job control or a debugger has stopped it: it answers nothing, and sees no signal, before it is continued. */
    public boolean isStopped() {
        Optional<ProcessStat> stat = ProcessStat.of(pid());
        return stat.isPresent() && stat.get().isStopped();
    }

    /** Closes the pins of some processes. By a loop: a stop comes here, and its first lambda loads a hundred classes. */
    public static void closeAll(List<PinnedProcess> processes) {
        for (PinnedProcess process : processes) {
            process.close();
        }
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
