package dev.holdfast.posix.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Child;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines of {@code /proc} are read right whatever a process calls itself. */
class ProcFsTest {
    private static final String REST =
            " 1 100 99 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 884211 0 0 18446744073709551615 0";

    private static Optional<ProcessStat> parse(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.ISO_8859_1);
        return Optional.ofNullable(ProcessStat.parse(bytes, bytes.length));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"sh", "", "a b", ")", "(", ") S 7 7", "x) R 1 (y", "((", "\u00e4\u00ff", "\n", "7 (sh) Z 1 1 1"})
    void oddProgramNameDoesNotMatter(String name) {
        assertThat(parse("4711 (" + name + ") S" + REST))
                .contains(new ProcessStat(4711, 'S', 1, 100, 99, 4194304, 884211));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "4711", "4711 (sh)", "4711 (sh) S 1", "(sh) S"})
    void shortLineIsNone(String line) {
        assertThat(parse(line)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'monotonic           0         0\nboottime       100000         0\n', 10000000",
        "'monotonic 5 0\nboottime -2 500000000', -150",
        "'monotonic 5 0\nboottime 0 0\n', 0",
        "'', 0"
    })
    void bootClockOfATimeNamespaceIsAheadByItsOffset(String offsets, long ticks) {
        assertThat(TimeNamespace.parseBootOffset(offsets)).isEqualTo(ticks);
    }

    @Test
    void zombiesAreDeadAndStoppedOnesAreNot() {
        assertThat(parse("1 (sh) Z" + REST).orElseThrow().isDead()).isTrue();
        assertThat(parse("1 (sh) X" + REST).orElseThrow().isDead()).isTrue();
        ProcessStat stopped = parse("1 (sh) T" + REST).orElseThrow();
        assertThat(stopped.isDead()).isFalse();
        assertThat(stopped.isStopped()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"4194304, false", "4194308, true", "4, true", "0, true"})
    void whoMayBeExitingIsSeenByTheKernelsFlags(String flags, boolean expected) {
        String line = "1 (sh) D" + REST.replace("4194304", flags);
        assertThat(parse(line).orElseThrow().mayBeExiting()).isEqualTo(expected);
    }

    @Test
    void ownProcessIsFound() {
        ProcFs.require();
        ProcessStat self = ProcessStat.of(Self.pid()).orElseThrow();
        assertThat(self.pid()).isEqualTo(Self.pid());
        assertThat(self.parent()).isEqualTo(Self.parentPid());
        assertThat(self.mayBeExiting()).isFalse();
        assertThat(ProcFs.belongsTo(Self.pid(), Self.effectiveUser())).isTrue();
        assertThat(ProcFs.belongsTo(Self.pid(), Self.effectiveUser() + 1)).isFalse();
        assertThat(ProcessList.pids()).contains(Self.pid(), 1);
        assertThat(ProcFs.pidNamespace(Self.pid())).isPresent();
        assertThat(ProcFs.bootId()).hasSize(36);
    }

    @Test
    void missingProcessIsNothing() {
        assertThat(ProcessStat.of(Integer.MAX_VALUE)).isEmpty();
        assertThat(ProcFs.belongsTo(Integer.MAX_VALUE, 0)).isFalse();
        assertThat(ProcFs.pidNamespace(Integer.MAX_VALUE)).isEmpty();
        assertThat(OpenDescriptors.of(Integer.MAX_VALUE)).isEmpty();
        assertThat(OpenDescriptors.info(Integer.MAX_VALUE, 0)).isEmpty();
    }

    @Test
    void listOfChildrenIsRead() {
        assertThat(ProcessList.numbers("12 3456 7 ".getBytes(StandardCharsets.ISO_8859_1)))
                .containsExactly(12, 3456, 7);
        assertThat(ProcessList.numbers(new byte[0])).isEmpty();
    }

    /** Anybody may choose 15 bytes of that file. */
    @Test
    void nameOfAProgramMakesNoLineOfItsStatus() {
        String script = "printf 'a\\nUid:\\t7\\t7\\t7' > /proc/$$/comm; echo named; read line";
        try (Child child = Child.start(new ProcessBuilder("sh", "-c", script))) {
            child.awaitOut("named");
            int pid = (int) child.pid();
            assertThat(ProcFs.statusField(pid, "Name")).startsWith("a\\nUid:");
            assertThat(ProcFs.user(pid)).hasValue(Self.effectiveUser());
            assertThat(ProcFs.belongsTo(pid, Self.effectiveUser())).isTrue();
            assertThat(ProcFs.statusField(pid, "PPid")).isEqualTo(Integer.toString(Self.pid()));
            assertThat(ProcessStat.of(pid).orElseThrow().parent()).isEqualTo(Self.pid());
        }
        assertThat(ProcFs.statusField(Self.pid(), "NoSuchKey")).isEmpty();
    }
}
