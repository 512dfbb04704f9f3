package dev.holdfast.guard;

import dev.holdfast.command.Environment;
import dev.holdfast.config.InstancesPlace;
import dev.holdfast.journal.Journal;
import dev.holdfast.posix.files.NetworkFileSystem;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.settings.LogLevel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Does what is written below the user's home. At once, as a rule. On a network file system its server may be away for as
 * long as it likes, and whoever writes there waits for it: then a thread of its own does it, and the loop goes on. That
 * thread is not started before it has something to do, and never for a home on a disk.
 *
 * <p>For the thread of the loop, but for what is given to {@link #run}.
 */
final class HomeWriter implements AutoCloseable {
    /** More are forgotten while the file server is away. */
    private static final int MOST = 100;
    /** A file server that answers has removed a file by then; one that does not is not waited for. */
    private static final long PATIENCE_MILLIS = 300;

    private final Journal journal;
    private final Optional<String> said;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private final List<Journal.Entry> heard = new ArrayList<>();
    private final Journal aside = new Journal(LogLevel.DEBUG, new Kept());
    private @Nullable Thread thread;
    private boolean isChecked;
    private boolean isRemote;
    private boolean isBusy;

    /**
     * One that has nothing to do yet.
     *
     * @param said the registry's folder, when it is not in the home
     */
    HomeWriter(Optional<String> said, Journal journal) {
        this.said = said;
        this.journal = journal;
    }

    /** Whether all of it is done by another thread. Looks once, when there is time, and the file system surely answers. */
    boolean isRemote() {
        if (!isChecked) {
            isChecked = true;
            Optional<InstancesPlace> place =
                    InstancesPlace.of(Environment.ofThisProcess(), Self.workingDirectory(), Self.effectiveUser());
            isRemote = (said.isPresent() && isRemote(said.get()))
                    || (place.isPresent() && isRemote(place.get().ownFolder()));
            if (isRemote) {
                aside.open();
            }
        }
        return isRemote;
    }

    private static boolean isRemote(String folder) {
        return !NetworkFileSystem.ofNearest(folder).isEmpty();
    }

    /** What the work may write to: in the other thread what is said there is kept until {@link #tell}. */
    Journal journal() {
        return isRemote() ? aside : journal;
    }

    /**
     * Does some work now, or has it done: each after the ones before it.
     *
     * @param work does not throw; when it waits already, it is not done twice
     */
    void run(Runnable work) {
        if (!isRemote()) {
            work.run();
            return;
        }
        tell();
        synchronized (waiting) {
            if (waiting.size() < MOST && !waiting.contains(work)) {
                waiting.add(work);
                waiting.notifyAll();
            }
        }
        if (thread == null) {
            Thread started = new Thread(new Worker(), "holdfast-home");
            started.setDaemon(true);
            started.start();
            thread = started;
        }
    }

    /** Writes down what the other thread has said. */
    void tell() {
        List<Journal.Entry> entries;
        synchronized (heard) {
            entries = List.copyOf(heard);
            heard.clear();
        }
        for (Journal.Entry entry : entries) {
            if (entry.level() == LogLevel.WARN) {
                journal.warn(entry.text());
            } else {
                journal.debug(entry.text());
            }
        }
    }

    /** Waits a moment for what is not done yet; what is not done then is not done at all. */
    @Override
    public void close() {
        if (thread == null) {
            return;
        }
        long until = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        synchronized (waiting) {
            long left = PATIENCE_MILLIS;
            while ((isBusy || !waiting.isEmpty()) && left > 0) {
                try {
                    waiting.wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    left = 0;
                }
                left = Math.min(left, (until - System.nanoTime()) / 1_000_000);
            }
            waiting.clear();
        }
        tell();
    }

    /** The other thread. It is never ended: the process does that. */
    private final class Worker implements Runnable {
        @Override
        public void run() {
            while (true) {
                next().run();
                synchronized (waiting) {
                    isBusy = false;
                    waiting.notifyAll();
                }
            }
        }

        private Runnable next() {
            synchronized (waiting) {
                while (waiting.isEmpty()) {
                    try {
                        waiting.wait();
                    } catch (InterruptedException e) {
                        // nobody does that
                    }
                }
                isBusy = true;
                return waiting.remove();
            }
        }
    }

    /** Keeps what the other thread says. */
    private final class Kept implements Journal.SinkFactory, Journal.Sink {
        @Override
        public Journal.Sink open() {
            return this;
        }

        @Override
        public void write(Journal.Entry entry) {
            synchronized (heard) {
                heard.add(entry);
            }
        }
    }
}
