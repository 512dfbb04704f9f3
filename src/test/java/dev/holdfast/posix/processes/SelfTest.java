package dev.holdfast.posix.processes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelfTest {
    /** sd_listen_fds(3): only what is meant for this very process counts, and what is no number is none. */
    @ParameterizedTest
    @CsvSource({
        "true, 1, 1",
        "true, 12, 12",
        "true, 999, 999",
        "false, 1, 0",
        "true, 0, 0",
        "true, 01, 0",
        "true, -1, 0",
        "true, +1, 0",
        "true, 1x, 0",
        "true, 1000, 0",
        "true, '', 0",
    })
    void socketsThatWerePassedOn(boolean isMeant, String count, int expected) {
        String pid = isMeant ? String.valueOf(Self.pid()) : "1";
        assertThat(Self.listenedSockets(pid, count)).isEqualTo(expected);
        assertThat(Self.listenedSockets("", count)).isZero();
    }
}
