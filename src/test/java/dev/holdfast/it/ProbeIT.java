package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.ForEachJava;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code holdfast lock --probe}: two processes, and what holds between them. */
@Timeout(180)
class ProbeIT {
    @TempDir
    Path folder;

    private static Child probe(Launcher launcher, String... words) {
        List<String> all = new ArrayList<>(List.of("lock", "--probe"));
        all.addAll(List.of(words));
        return launcher.command(all);
    }

    @ForEachJava
    void allHoldsOnALocalFileSystemAndNothingIsLeft(Path java) {
        try (Child probe = probe(Launcher.in(folder).java(java), folder.toString())) {
            assertThat(probe.awaitExit()).as("%s", probe).isZero();
            assertThat(probe.stdout().lines().filter(line -> line.startsWith("  yes  ")))
                    .hasSize(8);
            assertThat(probe.stdout()).doesNotContain("  no   ").endsWith("fit for locks\n");
            assertThat(probe.stderr()).isEmpty();
        }
        assertThat(Launcher.in(folder).leftovers()).isEmpty();
    }

    @Test
    void programsGetJson() throws IOException {
        try (Child probe = probe(Launcher.in(folder), folder.toString(), "--json")) {
            assertThat(probe.awaitExit()).as("%s", probe).isZero();
            JsonNode json = new ObjectMapper().readTree(probe.stdout());
            assertThat(json.path("fit").asBoolean()).isTrue();
            List<String> keys = new ArrayList<>();
            json.path("checks").forEach(check -> keys.add(check.path("check").asText()));
            assertThat(keys)
                    .containsExactly(
                            "exclusive", "shared", "byte", "other-close", "replaced", "event", "inherited", "death");
        }
    }

    /** With a C library whose flock(2) always says yes, as some file systems do: the probe must see through it. */
    @Test
    void locksThatExcludeNobodyAreFoundOut() throws IOException {
        Programs.require("cc");
        Path source = folder.resolve("yes.c");
        Path library = folder.resolve("yes.so");
        Files.writeString(source, "int flock(int fd, int how) { return 0; }\n");
        try (Child cc = Child.start(
                new ProcessBuilder("cc", "-shared", "-fPIC", "-o", library.toString(), source.toString()))) {
            assertThat(cc.awaitExit()).as("%s", cc).isZero();
        }
        Path locks = Files.createDirectory(folder.resolve("locks"));
        try (Child probe = probe(Launcher.in(locks).env("LD_PRELOAD", library.toString()), locks.toString())) {
            assertThat(probe.awaitExit()).as("%s", probe).isEqualTo(77);
            assertThat(probe.stdout())
                    .contains("  no   an exclusive lock excludes other processes (step 2 was granted, not refused)")
                    .contains("  yes  so does a lock on one byte")
                    .endsWith("not fit for locks\n");
        }
        assertThat(Launcher.in(locks).leftovers()).isEmpty();
    }

    @Test
    void twoOverlaysOfOneLowerFolderAreTold() throws IOException {
        String script = "set -e; mount -t tmpfs none '%1$s'; cd '%1$s'; mkdir l u1 w1 m1 u2 w2 m2; echo x >l/file;"
                + " mount -t overlay -o lowerdir='%1$s/l',upperdir=u1,workdir=w1 none m1;"
                + " mount -t overlay -o lowerdir='%1$s/l',upperdir=u2,workdir=w2 none m2;"
                + " set +e; '%2$s' lock --probe '%1$s/m1'; echo probe $?;"
                + " '%2$s' lock m1/file -- '%2$s' lock -n m2/file -- echo both";
        String[] command = {
            "unshare",
            "-m",
            "sh",
            "-c",
            script.formatted(folder, Launcher.executable().toString())
        };
        try (Child child = Child.start(new ProcessBuilder(command))) {
            int code = child.awaitExit();
            assumeTrue(
                    !child.stderr().contains("unshare") && !child.stderr().contains("mount:"), "needs overlay mounts");
            assertThat(code).as("%s", child).isZero();
            assertThat(child.stdout())
                    .contains("(overlay)")
                    .contains("  note overlayfs: locks exclude within this mount")
                    .contains("  note the overlay mounted at \"" + folder + "/m2\" has the same lower folder")
                    .contains("probe 0")
                    .contains("both");
            assertThat(child.stderr()).contains("warning: the overlay mounted at \"" + folder + "/m2\"");
        }
    }

    @Test
    void whatCannotBeProbedIsSaid() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        try (Child none = probe(Launcher.in(folder), folder.resolve("none").toString());
                Child notAFolder = probe(Launcher.in(folder), file.toString());
                Child readOnly = probe(Launcher.in(folder), "/proc/self")) {
            assertThat(none.awaitExit()).isEqualTo(66);
            assertThat(none.stderr()).contains("no such file or directory");
            assertThat(notAFolder.awaitExit()).isEqualTo(66);
            assertThat(readOnly.awaitExit()).as("%s", readOnly).isEqualTo(73);
        }
    }
}
