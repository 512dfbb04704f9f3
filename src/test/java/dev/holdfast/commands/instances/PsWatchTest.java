package dev.holdfast.commands.instances;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is sent to a terminal. */
class PsWatchTest {
    @Test
    void eachLineTakesThePlaceOfTheOneBefore() {
        assertThat(PsWatch.screen("one\ntwo", 24)).isEqualTo("\033[Hone\033[K\ntwo\033[K\033[J");
        assertThat(PsWatch.screen("one\ntwo\nthree", 3)).as("nothing scrolls").doesNotContain("three");
        assertThat(PsWatch.screen("one", 1)).contains("one");
    }
}
