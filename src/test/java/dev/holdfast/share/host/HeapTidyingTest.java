package dev.holdfast.share.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.waiting.Ticker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeapTidyingTest {
    private static final long MB = 1 << 20;
    private static final long SECOND = 1_000_000_000;

    private long heap = 100 * MB;
    private long freed = 30 * MB;
    private int collections;
    private final HeapTidying tidying = new HeapTidying(() -> heap, this::collect);

    private void collect() {
        collections++;
        heap -= freed;
    }

    @Test
    void aLargeHeapIsCollectedWhenNothingHasMovedForASecond() {
        tidying.look(5 * SECOND);
        assertThat(tidying.deadline()).isEqualTo(Ticker.NEVER);
        tidying.moved(10 * SECOND);
        assertThat(tidying.deadline()).isEqualTo(11 * SECOND);
        tidying.moved(10 * SECOND + 1);
        assertThat(tidying.deadline()).isEqualTo(11 * SECOND + 1);
        tidying.look(11 * SECOND);
        assertThat(collections).isZero();
        tidying.look(11 * SECOND + 1);
        assertThat(heap).isEqualTo(10 * MB);
        assertThat(tidying.deadline()).as("once").isEqualTo(Ticker.NEVER);
        tidying.look(20 * SECOND);
        assertThat(collections).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"32, 0, 0", "33, 30, 1", "100, 0, 4", "1000, 1, 4"})
    void itIsCollectedAsLongAsItIsLargeAndFourTimesAtTheMost(long large, long less, int times) {
        heap = large * MB;
        freed = less * MB;
        tidying.moved(0);
        tidying.look(SECOND);
        assertThat(collections).isEqualTo(times);
    }
}
