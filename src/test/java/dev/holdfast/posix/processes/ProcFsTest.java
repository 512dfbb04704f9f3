package dev.holdfast.posix.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.posix.processes.ProcFs.Stat;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines of {@code /proc} are read right whatever a process calls itself. */
class ProcFsTest {
    private static final String REST =
            " 1 100 99 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 884211 0 0 18446744073709551615 0";

    @ParameterizedTest
    @ValueSource(
            strings = {"sh", "", "a b", ")", "(", ") S 7 7", "x) R 1 (y", "((", "\u00e4\u00ff", "\n", "7 (sh) Z 1 1 1"})
    void oddProgramNameDoesNotMatter(String name) {
        assertThat(ProcFs.parseStat("4711 (" + name + ") S" + REST))
                .contains(new Stat(4711, 'S', 1, 100, 99, 4194304, 884211));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "4711", "4711 (sh)", "4711 (sh) S 1", "(sh) S"})
    void shortLineIsNone(String line) {
        assertThat(ProcFs.parseStat(line)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'monotonic           0         0\nboottime       100000         0\n', 10000000",
        "'monotonic 5 0\nboottime -2 500000000', -150",
        "'monotonic 5 0\nboottime 0 0\n', 0",
        "'', 0"
    })
    void bootClockOfATimeNamespaceIsAheadByItsOffset(String offsets, long ticks) {
        assertThat(ProcFs.parseBootOffset(offsets)).isEqualTo(ticks);
    }

    @Test
    void zombiesAreDeadAndStoppedOnesAreNot() {
        assertThat(ProcFs.parseStat("1 (sh) Z" + REST).orElseThrow().isDead()).isTrue();
        assertThat(ProcFs.parseStat("1 (sh) X" + REST).orElseThrow().isDead()).isTrue();
        Stat stopped = ProcFs.parseStat("1 (sh) T" + REST).orElseThrow();
        assertThat(stopped.isDead()).isFalse();
        assertThat(stopped.isStopped()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"4194304, false", "4194308, true", "4, true", "0, true"})
    void whoMayBeExitingIsSeenByTheKernelsFlags(String flags, boolean expected) {
        String line = "1 (sh) D" + REST.replace("4194304", flags);
        assertThat(ProcFs.parseStat(line).orElseThrow().mayBeExiting()).isEqualTo(expected);
    }

    @Test
    void ownProcessIsFound() {
        ProcFs.require();
        Stat self = ProcFs.stat(Self.pid()).orElseThrow();
        assertThat(self.pid()).isEqualTo(Self.pid());
        assertThat(self.parent()).isEqualTo(Self.parentPid());
        assertThat(self.mayBeExiting()).isFalse();
        assertThat(ProcFs.belongsTo(Self.pid(), Self.effectiveUser())).isTrue();
        assertThat(ProcFs.belongsTo(Self.pid(), Self.effectiveUser() + 1)).isFalse();
        assertThat(ProcFs.pids()).contains(Self.pid(), 1);
        assertThat(ProcFs.pidNamespace(Self.pid())).isPresent();
        assertThat(ProcFs.bootId()).hasSize(36);
    }

    @Test
    void missingProcessIsNothing() {
        assertThat(ProcFs.stat(Integer.MAX_VALUE)).isEmpty();
        assertThat(ProcFs.belongsTo(Integer.MAX_VALUE, 0)).isFalse();
        assertThat(ProcFs.pidNamespace(Integer.MAX_VALUE)).isEmpty();
        assertThat(ProcFs.descriptors(Integer.MAX_VALUE)).isEmpty();
        assertThat(ProcFs.descriptorInfo(Integer.MAX_VALUE, 0)).isEmpty();
    }

    @Test
    void listOfChildrenIsRead() {
        assertThat(ProcFs.numbers("12 3456 7 ".getBytes(StandardCharsets.ISO_8859_1)))
                .containsExactly(12, 3456, 7);
        assertThat(ProcFs.numbers(new byte[0])).isEmpty();
    }
}
