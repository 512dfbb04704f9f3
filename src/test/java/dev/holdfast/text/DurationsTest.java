package dev.holdfast.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Durations are told in words that people use, and that the options take back. */
class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "0,0s",
        "1,1ms",
        "500,500ms",
        "1000,1s",
        "1500,1500ms",
        "59000,59s",
        "60000,1m",
        "61000,61s",
        "3600000,1h",
        "86400000,24h",
        "5400000,90m"
    })
    void durationIsWrittenInItsLargestWholeUnit(long millis, String text) {
        assertThat(Durations.text(Duration.ofMillis(millis))).isEqualTo(text);
        assertThat(DurationText.parse(text)).contains(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @CsvSource({
        "-5,just now",
        "0,just now",
        "1,1 s ago",
        "59,59 s ago",
        "60,1 min ago",
        "3599,59 min ago",
        "3600,1 h ago",
        "7300,2 h ago",
        "172799,47 h ago",
        "172800,2 days ago"
    })
    void ageIsToldInItsLargestUnit(long seconds, String text) {
        assertThat(Durations.age(seconds)).isEqualTo(text);
    }

    @Test
    void farAwayIsTold() {
        assertThat(Durations.age(86_400L * 1000)).isEqualTo("1000 days ago");
    }
}
