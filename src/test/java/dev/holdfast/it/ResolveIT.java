package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.posix.processes.Self;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code holdfast resolve} beside others who do the same, start, end and are killed: it removes what is dead, and nothing else. */
@Timeout(180)
class ResolveIT {
    @TempDir
    Path locks;

    @TempDir
    Path home;

    private Launcher launcher() {
        return Launcher.in(locks).env("HOLDFAST_HOME", home.toString());
    }

    private Child run(String name, String... options) {
        List<String> all = new ArrayList<>(List.of("--name", name));
        all.addAll(List.of(options));
        return launcher().run(all, List.of("sleep", "100"));
    }

    private Child resolve(String... words) {
        List<String> line = new ArrayList<>(List.of("resolve", "--lock-dir", locks.toString()));
        line.addAll(List.of(words));
        return launcher().command(line);
    }

    private List<String> registered() throws IOException {
        try (Stream<Path> files = Files.list(home.resolve("instances"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("server_"))
                    .sorted()
                    .toList();
        }
    }

    /** A launcher's file is named for its pid. */
    private boolean isRegistered(Child run) throws IOException {
        return registered().stream().anyMatch(name -> name.startsWith("server_" + run.pid() + "-"));
    }

    private static int removed(Child resolve) {
        assertThat(resolve.awaitExit()).as("%s", resolve).isZero(); // also of who meets the other one at work
        return Integer.parseInt(resolve.awaitOut("\"stale_instances_removed\":(\\d+)"));
    }

    @Test
    void twoAtOnceRemoveEachDeadOnesFileOnceAndNoLivingOnes() throws IOException {
        try (Child stays = run("stays")) {
            await().until(() -> Files.isDirectory(home.resolve("instances")) && isRegistered(stays));
            for (int round = 0; round < 3; round++) {
                try (Child killed = run("killed", "--death-signal", "KILL");
                        Child another = run("another", "--death-signal", "KILL");
                        Child ends = run("ends")) {
                    await().until(() -> isRegistered(killed) && isRegistered(another) && isRegistered(ends));
                    for (Child each : List.of(killed, another)) {
                        each.signal("KILL");
                        each.awaitExit();
                    }
                    try (Child one = resolve("--yes", "--json");
                            Child other = resolve("--yes", "--json");
                            Child begins = run("begins")) {
                        ends.signal("TERM");
                        assertThat(removed(one) + removed(other))
                                .as("%s and %s", one, other)
                                .isEqualTo(2);
                        assertThat(ends.awaitExit()).isEqualTo(143);
                        await().until(() -> isRegistered(begins));
                        assertThat(registered()).hasSize(2);
                        assertThat(isRegistered(stays)).isTrue();
                        begins.signal("TERM");
                        assertThat(begins.awaitExit()).isEqualTo(143);
                    }
                }
                assertThat(registered()).hasSize(1);
            }
            assertThat(stays.isAlive()).isTrue();
        }
    }

    /** Whoever looks into an odd registry gets a command that finds it, too. */
    @Test
    void offeredCommandClearsTheRegistryThatWasLookedInto() throws IOException {
        Path odd = Files.createDirectory(home.resolve("it's an $odd one"));
        try (Child killed = run("killed", "--tracking-dir", odd.toString(), "--death-signal", "KILL")) {
            await().until(() -> !isEmpty(odd));
            killed.signal("KILL");
            killed.awaitExit();
        }
        Files.delete(locks.resolve("killed.lock"));
        try (Child doctor = launcher()
                .command(List.of("doctor", "--tracking-dir", odd.toString(), "--lock-dir", locks.toString()))) {
            assertThat(doctor.awaitExit()).as("%s", doctor).isEqualTo(1);
            ProcessBuilder shell =
                    new ProcessBuilder("sh", "-c", doctor.awaitOut("do +Remove its file: (holdfast resolve .*)"));
            shell.environment().put("HOLDFAST_HOME", home.toString());
            shell.environment().put("HOLDFAST_LOCK_DIR", locks.toString());
            shell.environment().merge("PATH", Launcher.executable().getParent() + ":", (path, bin) -> bin + path);
            try (Child offered = Child.start(shell)) {
                assertThat(offered.awaitExit()).as("%s", offered).isZero();
            }
        }
        assertThat(isEmpty(odd)).isTrue();
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    /** In a folder for all users, and with everything in it that may be called as an instance's file is. */
    @Test
    void nothingOfOthersIsReadOrRemoved() throws IOException {
        assumeTrue(Self.effectiveUser() == 0, "needs root");
        Programs.require("setpriv");
        Path shared = Files.createDirectory(home.resolve("shared"));
        sh(
                "chmod 1777 \"$1\"; echo outside >\"$1/../outside\"; cd \"$1\"; ln -s ../outside server_link.json;"
                        + " mkdir server_folder.json; mkfifo server_fifo.json; ln ../outside server_hard.json;"
                        + " chmod 755 \"$1/..\"; setpriv --reuid=65534 --regid=65534 --clear-groups"
                        + " sh -c 'echo theirs >server_theirs.json; chmod 600 server_theirs.json'",
                shared);
        try (Child plan = resolve("--tracking-dir", shared.toString(), "--json");
                Child done = resolve("--tracking-dir", shared.toString(), "--yes", "--json")) {
            assertThat(removed(plan)).isZero();
            assertThat(removed(done)).isZero();
        }
        assertThat(home.resolve("outside")).hasContent("outside");
        assertThat(shared.resolve("server_theirs.json")).hasContent("theirs");
        assertThat(Files.getAttribute(shared.resolve("server_theirs.json"), "unix:uid"))
                .isEqualTo(65534);
        try (Stream<Path> aside = Files.list(shared.resolve("corrupt-0"))) {
            assertThat(aside.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "server_link.json", "server_folder.json", "server_fifo.json", "server_hard.json");
        }
    }

    private static void sh(String script, Path argument) {
        try (Child shell = Child.start(new ProcessBuilder("sh", "-c", script, "sh", argument.toString()))) {
            assertThat(shell.awaitExit()).as("%s", shell).isZero();
        }
    }
}
