package dev.holdfast.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A duration is what was typed, or nothing: a mistyped grace never becomes another. */
class DurationTextTest {
    @ParameterizedTest
    @CsvSource({
        "0,0",
        "0s,0",
        "0ms,0",
        "500ms,500",
        "5,5000",
        "5s,5000",
        "1.5s,1500",
        ".5s,500",
        "5.,5000",
        "2m,120000",
        "2min,120000",
        "1h,3600000",
        "1d,86400000",
        "366d,31622400000",
        "0.4ms,0",
        "007,7000"
    })
    void typedDurationIsRead(String text, long millis) {
        assertThat(DurationText.parse(text)).contains(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "s",
                ".",
                "-1",
                "+1",
                "-0",
                "1.2.3",
                "5 s",
                " 5",
                "5s ",
                "1e3",
                "0e3",
                "0x10",
                "0abc",
                "5S",
                "1h30m",
                "Infinity",
                "NaN",
                "367d",
                "99999999999999999999999999",
                "٣",
                "5\n",
                "0\n"
            })
    void anythingElseIsRefused(String text) {
        assertThat(DurationText.parse(text)).isEmpty();
    }
}
