package dev.holdfast.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.Pipe;
import dev.holdfast.posix.files.PollSet;
import dev.holdfast.testkit.HandTurnedTicker;
import dev.holdfast.waiting.Ticker;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The order of a turn, its deadlines, and sources that come and go. */
@Timeout(60)
class EventLoopTest {
    private final HandTurnedTicker ticker = new HandTurnedTicker();
    private final List<String> calls = new ArrayList<>();
    private final Pipe readable = Pipe.open();
    private final EventLoop loop = new EventLoop(ticker, new Named("last", false));

    EventLoopTest() {
        FileDescriptors.wake(readable.writeEnd());
    }

    @AfterEach
    void close() {
        loop.close();
        readable.close();
    }

    /** Writes down that it was called, and what was found for it. */
    private class Named implements EventSource {
        private final String name;
        private final boolean early;
        long deadline = Ticker.NEVER;
        boolean drained = true;
        int slots = 1;
        int watched = 0;
        Runnable inServe = () -> {};

        Named(String name, boolean early) {
            this.name = name;
            this.early = early;
        }

        @Override
        public int slots() {
            return slots;
        }

        @Override
        public boolean isBeforeReaping() {
            return early;
        }

        @Override
        public boolean isDrained() {
            return drained;
        }

        @Override
        public void arm(PollSlots places) {
            for (int slot = 0; slot < watched; slot++) {
                places.watch(slot, readable.readEnd(), PollSet.READABLE);
            }
        }

        @Override
        public void serve(PollSlots places) {
            int found = 0;
            for (int slot = 0; slot < slots; slot++) {
                found += places.returned(slot) == 0 ? 0 : 1;
            }
            calls.add(found == 0 ? name : name + ":" + found);
            inServe.run();
        }

        @Override
        public long deadline() {
            return deadline;
        }
    }

    private Named add(String name, boolean early) {
        Named source = new Named(name, early);
        loop.add(source);
        return source;
    }

    /** One that has something to read, so that a turn does not wait. */
    private Named addReadable(String name) {
        Named source = add(name, false);
        source.watched = 1;
        return source;
    }

    private List<String> turn() {
        calls.clear();
        loop.turn();
        return List.copyOf(calls);
    }

    @Test
    void wordsComeBeforeTheReapingAndDecisionsAtTheEnd() {
        add("signals", true);
        addReadable("children");
        add("output", true);
        add("control", false);
        assertThat(turn()).containsExactly("signals", "output", "children:1", "control", "last");
        add("late words", true);
        add("late", false);
        assertThat(turn()).containsExactly("signals", "output", "late words", "children:1", "control", "late", "last");
    }

    @Test
    void firstTurnServesWithoutWaiting() {
        Named source = addReadable("source");
        source.deadline = Ticker.NEVER;
        loop.begin();
        assertThat(calls).containsExactly("source", "last");
    }

    @Test
    void sourceThatIsAddedWhileOthersAreServedCountsFromTheNextTurnOn() {
        Named first = addReadable("first");
        first.inServe = () -> {
            add("second", true);
            first.inServe = () -> {};
        };
        assertThat(turn()).containsExactly("first:1", "last");
        assertThat(turn()).containsExactly("second", "first:1", "last");
    }

    @Test
    void sourceThatIsRemovedIsNotCalledAnyMore() {
        Named first = addReadable("first");
        Named second = add("second", false);
        Named early = add("early", true);
        first.inServe = () -> loop.remove(second);
        assertThat(turn()).containsExactly("early", "first:1", "last");
        loop.remove(early);
        assertThat(turn()).containsExactly("first:1", "last");
        Named third = add("third", false);
        loop.remove(third);
        add("words", true);
        assertThat(turn()).containsExactly("words", "first:1", "last");
    }

    @Test
    void manySourcesFindRoomAndOnlyWhatIsWatchedIsWaitedFor() {
        Named many = add("many", false);
        many.slots = 100;
        many.watched = 60;
        addReadable("one");
        assertThat(turn()).containsExactly("many:60", "one:1", "last");
        many.watched = 2;
        Named more = add("more", false);
        more.slots = 200;
        more.watched = 200;
        assertThat(turn()).containsExactly("many:2", "one:1", "more:200", "last");
    }

    /** The next of all, rounded up to milliseconds; a minute ago is now. */
    @ParameterizedTest
    @CsvSource({
        "never, never, -1",
        "30, never, 30",
        "never, 30, 30",
        "30, 20, 20",
        "0, 20, 0",
        "-60000, never, 0",
        "999999999, never, 999999999"
    })
    void waitsUntilTheNextDeadline(String first, String second, int expected) {
        ticker.turnTo(0);
        add("first", false).deadline = deadline(first);
        add("second", true).deadline = deadline(second);
        loop.begin();
        assertThat(loop.timeoutMillis()).isEqualTo(expected);
    }

    @Test
    void partOfAMillisecondIsWaitedForWhole() {
        ticker.turnTo(0);
        add("first", false).deadline = ticker.nanoTime() + 1;
        loop.begin();
        assertThat(loop.timeoutMillis()).isEqualTo(1);
    }

    private long deadline(String text) {
        return text.equals("never") ? Ticker.NEVER : ticker.nanosAt(Long.parseLong(text));
    }

    @Test
    void isDrainedWhenAllAre() {
        Named slow = add("slow", true);
        add("other", false);
        loop.begin();
        slow.drained = false;
        assertThat(loop.isDrained()).isFalse();
        slow.drained = true;
        assertThat(loop.isDrained()).isTrue();
        slow.drained = false;
        loop.remove(slow);
        assertThat(loop.isDrained()).isTrue();
    }
}
