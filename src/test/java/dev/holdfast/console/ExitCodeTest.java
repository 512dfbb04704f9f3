package dev.holdfast.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Scripts rely on these numbers; changing one is a break of the contract. */
class ExitCodeTest {
    @Test
    void numbersAreThoseOfTheContract() {
        assertThat(Arrays.stream(ExitCode.values())
                        .map(code -> code + "=" + code.number())
                        .collect(Collectors.joining(" ")))
                .isEqualTo(
                        "OK=0 DEAD=1 NOT_RUNNING=3 UNKNOWN=4 USAGE=64 NO_LOCKS=65 UNREADABLE=66 UNKNOWN_USER=67 UNAVAILABLE=69 INTERNAL=70 SYSTEM=71 CANNOT_CREATE=73 OUTPUT=74"
                                + " CONFLICT=75 UNSAFE=77 CONFIG=78 NOT_RUNNABLE=126 NOT_FOUND=127");
    }

    @Test
    void everyCodeHasAMeaningAndASource() {
        for (ExitCode code : ExitCode.values()) {
            assertThat(code.meaning()).isNotBlank();
            assertThat(code.source()).isNotBlank();
        }
    }
}
