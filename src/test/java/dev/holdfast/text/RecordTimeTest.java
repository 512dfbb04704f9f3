package dev.holdfast.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the JDK reads as an instant of this form is read alike, and nothing else is read at all. */
class RecordTimeTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-05-02T09:14:03.875Z",
                "1970-01-01T00:00:00Z",
                "2024-02-29T23:59:59.9Z",
                "9999-12-31T23:59:59.999999999Z"
            })
    void timesAreReadAsTheJdkDoes(String text) {
        assertThat(RecordTime.epochSecond(text)).hasValue(Instant.parse(text).getEpochSecond());
    }

    @Test
    void everyDayIsTheJdksDay() {
        for (LocalDate day = LocalDate.EPOCH; day.getYear() < 2500; day = day.plusDays(1)) {
            long noon = day.toEpochDay() * 86_400 + 43_200;
            assertThat(RecordTime.epochSecond(day + "T12:00:00Z")).as("%s", day).hasValue(noon);
        }
    }

    @ParameterizedTest
    @CsvSource({"2023,28", "2024,29", "2100,28", "2400,29"})
    void februaryEndsWhereItDoes(int year, int last) {
        assertThat(RecordTime.epochSecond(year + "-02-" + last + "T00:00:00Z")).isPresent();
        assertThat(RecordTime.epochSecond(year + "-02-" + (last + 1) + "T00:00:00Z"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026-04-31T09:14:03Z",
                "2026-05-00T09:14:03Z",
                "2026-00-02T09:14:03Z",
                "2026-05-02T09:60:03Z",
                "Z",
                "yesterday",
                "2026-05-02",
                "2026-05-02T09:14:03",
                "2026-05-02T09:14:03.Z",
                "2026-05-02T09:14:03,5Z",
                "2026-05-02 09:14:03Z",
                "2026-13-02T09:14:03Z",
                "2026-02-30T09:14:03Z",
                "2026-05-02T24:00:00Z",
                "2026-05-02T09:14:60Z",
                "1969-12-31T23:59:59Z",
                "+1000000000-12-31T23:59:59Z",
                "2026-05-02T09:14:03.1234567890Z",
                "2026-05-02T09:14:03+00:00Z",
                "\u0662026-05-02T09:14:03Z"
            })
    void everythingElseIsNone(String text) {
        assertThat(RecordTime.epochSecond(text)).as(text).isEmpty();
    }
}
