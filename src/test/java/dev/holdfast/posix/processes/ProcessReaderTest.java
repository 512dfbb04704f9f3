package dev.holdfast.posix.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Child;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read into one piece of memory is what is read one by one. */
@Timeout(180)
class ProcessReaderTest {
    private static final String SOUGHT = "HOLDFAST_INSTANCE_ID=12345-a1b2c3d4";

    @Test
    void sameIsSaidOfEveryProcess() {
        try (ProcessReader reader = new ProcessReader(SOUGHT)) {
            int seen = 0;
            for (int pid : ProcessList.requirePids()) {
                ProcessStat before = ProcessStat.of(pid).orElse(null);
                ProcessStat read = reader.stat(pid);
                ProcessStat after = ProcessStat.of(pid).orElse(null);
                if (before != null && before.equals(after)) {
                    assertThat(read).isEqualTo(before);
                    seen++;
                }
            }
            assertThat(seen).isPositive();
            assertThat(Objects.requireNonNull(reader.stat(Self.pid())).isOfKernel())
                    .isFalse();
            assertThat(reader.stat(Integer.MAX_VALUE)).isNull();
            assertThat(reader.hasVariable(Integer.MAX_VALUE)).isFalse();
        }
    }

    @Test
    void walkKnowsWhenThoseOfTheLastOneBegan() throws IOException {
        try (Child child = Child.start(new ProcessBuilder("sh", "-c", "echo up; exec sleep 60"))) {
            child.awaitOut("up");
            int pid = (int) child.pid();
            ProcessReader.rememberStarts();
            long began = walk(pid, Long.MAX_VALUE, false);
            assertThat(walk(pid, began + 1, true)).isEqualTo(began);
            walk(pid, began, false);
            assertThat(walk(pid, began + 1, true)).as("still known").isEqualTo(began);
            ProcessReader.rememberStarts();
            walk(pid, Long.MAX_VALUE, false);
        }
    }

    /** When a process began; looks at no other one. */
    private static long walk(int pid, long ticks, boolean isBefore) {
        try (ProcessReader reader = new ProcessReader(SOUGHT)) {
            assertThat(reader.hasBegunBefore(pid, ticks)).isEqualTo(isBefore);
            long began = Objects.requireNonNull(reader.stat(pid)).startTicks();
            assertThat(reader.hasBegunBefore(Integer.MAX_VALUE, Long.MAX_VALUE)).isFalse();
            assertThat(reader.stat(Integer.MAX_VALUE)).isNull();
            return began;
        }
    }

    @Test
    void processIsAnotherOneWhenItsFolderIs() {
        KnownStarts known = new KnownStarts();
        for (int i = 1; i <= 1000; i++) {
            known.add(3 * i, 500 + i, 7_000 + i);
        }
        known.add(3, 1, 1); // out of the order
        for (int i = 1; i <= 1000; i++) {
            assertThat(known.startOf(3 * i, 500 + i)).isEqualTo(7_000 + i);
            assertThat(known.startOf(3 * i, 501 + i)).isEqualTo(KnownStarts.UNKNOWN);
            assertThat(known.startOf(3 * i + 1, 500 + i)).isEqualTo(KnownStarts.UNKNOWN);
        }
        assertThat(KnownStarts.NONE.startOf(3, 501)).isEqualTo(KnownStarts.UNKNOWN);
    }

    @ParameterizedTest(name = "{0}, {1} bytes more")
    @CsvSource({
        "HOLDFAST_INSTANCE_ID=12345-a1b2c3d4, 0, true",
        "HOLDFAST_INSTANCE_ID=12345-a1b2c3d4, 5000, true",
        "HOLDFAST_INSTANCE_ID=12345-a1b2c3d4, 100000, true",
        "HOLDFAST_INSTANCE_ID=12345-a1b2c3d, 0, false",
        "HOLDFAST_INSTANCE_ID=12345-a1b2c3d45, 0, false",
        "X_HOLDFAST_INSTANCE_ID=12345-a1b2c3d4, 0, false",
        "X=HOLDFAST_INSTANCE_ID=12345-a1b2c3d4, 100000, false"
    })
    void onlyTheWholeEntryIsFoundWhereverItStands(String entry, int more, boolean isFound) throws IOException {
        int at = entry.indexOf('=');
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", "echo up; exec sleep 60");
        Map<String, String> environment = builder.environment();
        String path = environment.get("PATH");
        environment.clear();
        environment.put("PATH", path);
        environment.put(entry.substring(0, at), entry.substring(at + 1));
        environment.put("LONG", "x".repeat(more));
        try (Child child = Child.start(builder);
                ProcessReader reader = new ProcessReader(SOUGHT)) {
            child.awaitOut("up");
            int pid = (int) child.pid();
            assertThat(reader.hasVariable(pid)).isEqualTo(isFound);
            assertThat(reader.hasVariable(Self.pid())).isFalse();
            assertThat(reader.hasVariable(pid)).isEqualTo(ProcessEnvironment.has(pid, SOUGHT));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'25 30 0:23 / /proc rw,nosuid shared:13 - proc proc rw\n', true",
        "'22 1 8:1 / / rw - ext4 /dev/root rw\n25 30 0:23 / /proc rw - proc proc rw\n', true",
        "'25 30 0:23 / /proc rw - proc proc rw\n26 25 0:40 / /proc/sys/fs/binfmt_misc rw - autofs systemd-1 rw\n', true",
        "'25 30 0:23 / /proc rw - proc proc rw\n26 25 0:40 /proc/cpuinfo /proc/cpuinfo rw - fuse.lxcfs lxcfs rw\n', true",
        "'25 30 0:23 / /proc rw - proc proc rw,hidepid=invisible\n', false",
        "'25 30 0:23 / /proc rw - proc proc rw,hidepid=2\n', false",
        "'25 30 0:23 / /proc rw - proc proc rw\n26 25 0:50 / /proc rw - proc proc rw,hidepid=ptraceable\n', false",
        "'25 30 0:23 / /proc rw - proc proc rw\n26 25 0:50 / /proc rw - tmpfs none rw\n', false",
        "'25 30 0:23 / /proc rw - proc proc rw\n26 25 0:50 / /proc/4711 rw - tmpfs none rw\n', false",
        "'25 30 0:23 / /proc rw - tmpfs proc rw\n27 1 0:24 / /x rw - proc proc rw\n', false",
        "'22 1 8:1 / / rw - ext4 /dev/root rw\n', false",
        "'25 30 0:23 / /proc rw - proc proc rw', false",
        "'', false"
    })
    void listIsWholeWhereNothingIsMountedThatHides(String mounts, boolean isWhole) {
        assertThat(ProcessList.isWhole(mounts)).isEqualTo(isWhole);
    }
}
