package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.posix.processes.Self;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cannot be seen, for the lack of a descriptor or since a sandbox refuses the question, is not what is not there. */
@Timeout(180)
class NothingToSeeIT {
    private static final String PARENT =
            "sh -c 'trap \"\" TERM; echo worker $$; while :; do sleep 0.1; done' & trap 'exit 3' TERM;"
                    + " echo ready $$; while :; do wait; done"; // a trap ends a wait at once

    @TempDir
    Path folder;

    /**
     * Processes cannot be listed then: what the server leaves in its group is ended all the same. With an archive the JVM
     * opens its jar at the first class that is not in there, and has nothing left for it: then the launcher fails, and its
     * last defence ends the group.
     */
    @ParameterizedTest
    @CsvSource({"group, false", "tree, false", "group, true", "tree, true"})
    void launcherWithoutADescriptorLeftEndsTheGroup(String killMode, boolean hasArchive) {
        Programs.require("prlimit");
        List<String> options = List.of("--kill-mode", killMode, "--grace", "1s");
        Launcher launcher =
                hasArchive ? Launcher.in(folder) : Launcher.in(folder).env("HOLDFAST_NO_ARCHIVE", "1");
        try (Child run = launcher.run(options, List.of("sh", "-c", PARENT))) {
            long worker = Long.parseLong(run.awaitOut("worker (\\d+)"));
            run.awaitServer();
            Launcher.in(folder).awaitRecordedServer("orders");
            await().until(() -> Files.exists(folder.resolve("orders.sock"))); // the last that it opens for itself
            Processes.stop(run.pid());
            limit(run.pid(), firstFree(run.pid())); // no lower: poll(2) waits for no more than this
            Processes.signal(run.pid(), "CONT");
            run.signal("TERM");
            assertThat(run.awaitExit()).as("%s", run).isIn(hasArchive ? List.of(3, 71) : List.of(3));
            assertThat(run.stderr()).doesNotContain("still there");
            Processes.awaitDeath(worker);
            try (Child next = Launcher.in(folder).run(List.of(), List.of("true"))) {
                assertThat(next.awaitExit()).as("%s", next).isZero();
            }
        }
    }

    private static int firstFree(long pid) {
        int fd = 0;
        while (Files.exists(Path.of("/proc/" + pid + "/fd/" + fd), LinkOption.NOFOLLOW_LINKS)) {
            fd++;
        }
        return fd;
    }

    private static void limit(long pid, int descriptors) {
        List<String> words = List.of("prlimit", "--pid", Long.toString(pid), "--nofile=" + descriptors + ":1024");
        try (Child prlimit = Child.start(new ProcessBuilder(words))) {
            assumeTrue(prlimit.awaitExit() == 0, "needs prlimit: " + prlimit.stderr());
        }
    }

    /**
     * Seccomp profiles older than statx(2) refuse it by EPERM: the same files are the same for whoever has it. JDK 25 has no
     * other way for itself, so an older one is taken.
     */
    @Test
    void launcherWithoutStatxHoldsTheSameLock() {
        Programs.require("perl");
        assumeTrue(olderJava().isPresent(), "needs a JDK before 21");
        try (Child first = old().run(List.of(), Launcher.server())) {
            first.awaitServer();
            Launcher.in(folder).awaitRecordedServer("orders");
            for (Launcher other : List.of(Launcher.in(folder), old())) {
                try (Child second = other.run(List.of(), List.of("true"));
                        Child status = other.command(words("status"))) {
                    assertThat(second.awaitExit()).as("%s", second).isEqualTo(75);
                    assertThat(second.stderr()).contains("(held, verified)");
                    assertThat(status.awaitExit()).as("%s", status).isZero();
                }
            }
            try (Child stop = old().command(words("stop"))) {
                assertThat(stop.awaitExit()).as("%s", stop).isZero();
            }
            first.awaitExit();
        }
        assertThat(Launcher.in(folder).leftovers()).isEmpty();
    }

    /** Of a holder whose names are all gone the interlock tells, and a table of sockets that is hidden hides nobody. */
    @Test
    void hiddenTableOfSocketsIsNoProofThatNobodyHoldsTheLock() throws IOException {
        assumeTrue(Self.effectiveUser() == 0, "needs root");
        Programs.require("unshare");
        Launcher hidden = Launcher.in(folder)
                .shell("unshare")
                .shell("--mount")
                .shell("sh")
                .shell("-c")
                .shell("mount -t tmpfs none /proc/$$/net && exec sh \"$@\"")
                .shell("sh");
        try (Child run = Launcher.in(folder).run(List.of(), Launcher.server())) {
            run.awaitServer();
            Launcher.in(folder).awaitRecordedServer("orders");
            await().until(() -> Files.exists(folder.resolve("orders.sock")));
            Processes.stop(run.pid());
            for (String name : Launcher.in(folder).leftovers()) {
                Files.deleteIfExists(folder.resolve(name));
            }
            try (Child status = hidden.command(words("status"));
                    Child stop = hidden.command(words("stop"))) {
                assertThat(status.awaitExit()).as("%s", status).isEqualTo(4);
                assertThat(status.stdout()).contains("orders: cannot be verified");
                assertThat(stop.awaitExit()).as("%s", stop).isEqualTo(75);
            }
            Processes.signal(run.pid(), "CONT");
            run.terminate();
            run.awaitExit();
        }
        assertThat(Launcher.in(folder).leftovers()).isEmpty();
    }

    private List<String> words(String verb) {
        return List.of(verb, "orders", "--lock-dir", folder.toString());
    }

    private static Optional<Path> olderJava() {
        return Launcher.javaHomes().stream()
                .filter(home -> Launcher.majorVersion(home) < 21)
                .findFirst();
    }

    private Launcher old() {
        return Launcher.in(folder)
                .java(olderJava().orElseThrow())
                .shell("perl")
                .shell(Launcher.resource("refuse.pl").toString())
                .shell("statx")
                .shell("sh");
    }
}
