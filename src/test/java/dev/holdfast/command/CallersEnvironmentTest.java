package dev.holdfast.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of a caller's environment is the new server's, and what is the caller's own. */
class CallersEnvironmentTest {
    private static Environment of(String entries) {
        return Environment.of(Arrays.stream(entries.split(" "))
                .map(entry -> entry.getBytes(StandardCharsets.UTF_8))
                .toList());
    }

    @ParameterizedTest
    @CsvSource({
        "NOTIFY_SOCKET, false",
        "WATCHDOG_USEC, false",
        "WATCHDOG_PID, false",
        "LISTEN_FDS, false",
        "LISTEN_FDNAMES, false",
        "LISTEN_PID, false",
        "INVOCATION_ID, false",
        "JOURNAL_STREAM, false",
        "HOLDFAST_NAME, false",
        "HOLDFAST_HOME, false",
        "PATH, true",
        "LISTEN, true",
        "MY_LISTEN_FDS, true",
        "NOTIFY_SOCKET_2, true",
        "WATCHDOG, true",
    })
    void eachVariableIsTheServersOrTheCallersOwn(String name, boolean isServers) {
        List<String> names =
                CallersEnvironment.forServer(of("A=1 " + name + "=x Z=2")).names();
        assertThat(names).isEqualTo(isServers ? List.of("A", name, "Z") : List.of("A", "Z"));
    }

    @ParameterizedTest
    @CsvSource({
        "A=1 B=2,           B=2 A=1,             true",
        "A=1,               A=2,                 false",
        "A=1,               A=1 B=,              false",
        "A=1 SHLVL=1 _=/x,  A=1 SHLVL=2 _=/y,    true",
        "A=1 PWD=/a,        A=1 PWD=/b OLDPWD=/, true",
        "A=1 LISTEN_FDS=1,  A=1,                 true",
    })
    void sameIsWhatIsTheSameToAServer(String one, String other, boolean isSame) {
        assertThat(CallersEnvironment.isSame(of(one), of(other))).isEqualTo(isSame);
    }
}
