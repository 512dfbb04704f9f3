package dev.holdfast.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Paths are told as a person would write them. */
class LockPlaceTest {
    @ParameterizedTest
    @CsvSource({
        "./x.lock,          /tmp/a,  /tmp/a/x.lock",
        "././/x.lock,       /tmp/a,  /tmp/a/x.lock",
        "x.lock,            /,       /x.lock",
        "//b/./x.lock,      /tmp,    /b/x.lock",
        "/b//.//.x/x.lock,  /tmp,    /b/.x/x.lock",
        "/b/c/x.lock,       /tmp,    /b/c/x.lock",
        "/.b/c./x.lock,     /tmp,    /.b/c./x.lock",
        "../x.lock,         /tmp/a,  /tmp/a/../x.lock",
        "b/,                /tmp,    /tmp/b/",
        "/,                 /tmp,    /",
    })
    void detoursAreLeftOutWhereTheyLeadNowhere(String path, String workingDirectory, String absolute) {
        assertThat(LockPlace.absolute(path, workingDirectory)).isEqualTo(absolute);
    }
}
