package dev.holdfast.journal;

import dev.holdfast.settings.LogLevel;
import dev.holdfast.text.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The audit trail: what was decided, on whom, why. Kept in memory until the server runs, since nothing is opened or
 * written on the way there. Not safe for use by many threads.
 */
public final class Journal {
    private final LogLevel threshold;
    private final SinkFactory factory;
    private final List<Entry> waiting = new ArrayList<>();
    /** Null when there are none, or no more. */
    private @Nullable Supplier<List<String>> late;

    /** Null until it is opened. */
    private @Nullable Sink sink;

    /**
     * An empty journal.
     *
     * @param threshold entries below it are dropped
     * @param factory makes the place to write to, when the time has come
     */
    public Journal(LogLevel threshold, SinkFactory factory) {
        this.threshold = threshold;
        this.factory = factory;
    }

    /**
     * What happened, when, and how much it matters.
     *
     * @param epochMillis when it happened
     * @param level how much it matters
     * @param text one line, facts as {@code key=value} at its end
     */
    public record Entry(long epochMillis, LogLevel level, String text) {}

    /** Where entries go. Must not block. */
    @FunctionalInterface
    public interface Sink {
        /** Writes an entry. */
        void write(Entry entry);
    }

    /** Makes the place to write to. */
    @FunctionalInterface
    public interface SinkFactory {
        /** The place. */
        Sink open();
    }

    /** From now on entries are written at once; those that waited first. */
    public void open() {
        if (sink != null) {
            return;
        }
        Sink opened = factory.open();
        sink = opened;
        for (Entry entry : waiting) {
            opened.write(printable(entry));
        }
        waiting.clear();
        warnNow();
    }

    /**
     * Warnings that may be looked for when the server runs, or when there is none.
     *
     * @param warnings gives them, once
     */
    public void warnLater(Supplier<List<String>> warnings) {
        late = warnings;
    }

    /**
     * Writes what waits, when anything does: for the end of a launcher that is replaced by its server. There is no later for
     * the warnings that can wait.
     */
    public void openIfNeeded() {
        warnNow();
        late = null;
        if (!waiting.isEmpty()) {
            open();
        }
    }

    /**
     * Notes something for those who look for a fault.
     *
     * @param text one line
     */
    public void debug(String text) {
        note(LogLevel.DEBUG, text);
    }

    /**
     * Notes a change of state.
     *
     * @param text one line
     */
    public void info(String text) {
        note(LogLevel.INFO, text);
    }

    /**
     * Notes what someone should look at.
     *
     * @param text one line, with what to do
     */
    public void warn(String text) {
        note(LogLevel.WARN, text);
    }

    private void warnNow() {
        if (late != null) {
            for (String warning : late.get()) {
                warn(warning);
            }
        }
    }

    private void note(LogLevel level, String text) {
        if (level.compareTo(threshold) < 0) {
            return;
        }
        Entry entry = new Entry(System.currentTimeMillis(), level, text);
        if (sink == null) {
            waiting.add(entry);
        } else {
            sink.write(printable(entry));
        }
    }

    /** On its way out: an entry is one line, whatever foreign text has got into it. */
    private static Entry printable(Entry entry) {
        return new Entry(entry.epochMillis(), entry.level(), Printable.line(entry.text()));
    }
}
