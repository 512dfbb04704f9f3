package dev.holdfast.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Times written by hand are those that java.time writes. */
class TimestampsTest {
    private static final DateTimeFormatter ISO = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'");
    private static final DateTimeFormatter LOG = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
    private static final long FIRST = Instant.parse("1000-01-01T00:00:00Z").toEpochMilli();
    private static final long LAST = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();

    private static void compare(long epochMillis) {
        LocalDateTime time = LocalDateTime.ofInstant(Instant.ofEpochMilli(epochMillis), ZoneOffset.UTC);
        assertThat(Timestamps.iso(epochMillis)).isEqualTo(ISO.format(time));
        assertThat(Timestamps.log(epochMillis)).isEqualTo(LOG.format(time));
    }

    @Test
    void randomInstantsAreWrittenAsByJavaTime() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            long millis = FIRST + Math.floorMod(random.nextLong(), LAST - FIRST);
            try {
                compare(millis);
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed + " instant " + millis, e);
            }
        }
    }

    @Test
    void boundariesAreWrittenAsByJavaTime() {
        for (long millis : new long[] {0, -1, 1, 999, 1000, -999, -1000, -1001, FIRST, LAST}) {
            compare(millis);
        }
        for (int year = 1890; year < 2110; year++) {
            long newYear =
                    LocalDateTime.of(year, 1, 1, 0, 0).toInstant(ZoneOffset.UTC).toEpochMilli();
            compare(newYear - 1);
            compare(newYear);
            compare(newYear + 59L * 86_400_000 - 1); // end of February, and the 29th in leap years
            compare(newYear + 59L * 86_400_000);
        }
    }

    @Test
    void formIsThatOfTheRecord() {
        assertThat(Timestamps.iso(1_777_713_243_875L)).isEqualTo("2026-05-02T09:14:03.875Z");
        assertThat(Timestamps.log(1_777_713_243_875L)).isEqualTo("2026-05-02 09:14:03");
    }
}
