package dev.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.settings.LogLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nothing is opened or written before the server runs, and nothing that happened until then is lost. */
class JournalTest {
    private final List<String> written = new ArrayList<>();
    private final AtomicInteger opened = new AtomicInteger();

    private Journal journal(LogLevel threshold) {
        return new Journal(threshold, () -> {
            opened.incrementAndGet();
            return entry -> written.add(entry.level().name() + " " + entry.text());
        });
    }

    @Test
    void entriesWaitUntilItIsOpenedAndKeepTheirOrder() {
        Journal journal = journal(LogLevel.DEBUG);
        journal.info("one");
        journal.warn("two");
        assertThat(opened).hasValue(0);
        assertThat(written).isEmpty();
        journal.open();
        journal.debug("three");
        assertThat(written).containsExactly("INFO one", "WARN two", "DEBUG three");
    }

    @Test
    void openingTwiceOpensOnceAndRepeatsNothing() {
        Journal journal = journal(LogLevel.INFO);
        journal.info("one");
        journal.open();
        journal.open();
        assertThat(opened).hasValue(1);
        assertThat(written).containsExactly("INFO one");
    }

    @ParameterizedTest
    @CsvSource({"DEBUG,3", "INFO,2", "WARN,1", "ERROR,0", "OFF,0"})
    void whatIsBelowTheThresholdIsDropped(LogLevel threshold, int count) {
        Journal journal = journal(threshold);
        journal.debug("d");
        journal.info("i");
        journal.warn("w");
        journal.open();
        assertThat(written).hasSize(count);
    }

    @Test
    void entryHasTheTimeWhenItHappened() {
        List<Journal.Entry> entries = new ArrayList<>();
        Journal journal = new Journal(LogLevel.INFO, () -> entries::add);
        long before = System.currentTimeMillis();
        journal.info("one");
        long after = System.currentTimeMillis();
        journal.open();
        assertThat(entries)
                .singleElement()
                .satisfies(entry -> assertThat(entry.epochMillis()).isBetween(before, after));
    }
}
