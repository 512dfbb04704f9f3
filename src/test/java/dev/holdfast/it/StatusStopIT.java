package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.lock.file.Step;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.SlowStarter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code status} looks and touches nothing; {@code stop} ends what was proved, and leaves nothing. */
@Timeout(180)
class StatusStopIT {
    @TempDir
    Path locks;

    private Child command(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--lock-dir", locks.toString()));
        return Launcher.in(locks).command(all);
    }

    @Test
    void statusOfARunningInstanceIsItsRecordAndAVerdict() throws IOException {
        Launcher launcher = Launcher.in(locks);
        try (Child run = launcher.run(List.of("--app-version", "3"), Launcher.server())) {
            long server = run.awaitServer();
            launcher.awaitRecordedServer("orders");
            byte[] before = Files.readAllBytes(launcher.lockFile("orders"));
            FileTime modified = Files.getLastModifiedTime(launcher.lockFile("orders"));
            try (Child status = command("status", "orders", "--json")) {
                assertThat(status.awaitExit()).isZero();
                JsonNode json = new ObjectMapper().readTree(status.stdout());
                assertThat(json.get("verdict").asText()).isEqualTo("running");
                assertThat(json.get("pid").asLong()).isEqualTo(run.pid());
                assertThat(json.get("serverPid").asLong()).isEqualTo(server);
                assertThat(json.get("version").asText()).isEqualTo("3");
                assertThat(json.get("state").asText()).isEqualTo("running");
                JsonNode record = new ObjectMapper().readTree(before);
                record.fieldNames()
                        .forEachRemaining(
                                key -> assertThat(json.get(key)).as(key).isEqualTo(record.get(key)));
            }
            assertThat(Files.readAllBytes(launcher.lockFile("orders")))
                    .isEqualTo(before)
                    .hasSize(1024);
            assertThat(Files.getLastModifiedTime(launcher.lockFile("orders"))).isEqualTo(modified);
            try (Child status = command("status", "orders")) {
                assertThat(status.awaitExit()).isZero();
                assertThat(status.stdout())
                        .startsWith("orders: running, pid " + run.pid() + " (server " + server + "), started 20");
            }
        }
    }

    @Test
    void statusKnowsOrphanedStaleAndNothing() {
        Launcher launcher = Launcher.in(locks);
        assertStatus(3, "not-running", "orders: not running");
        try (Child run = launcher.run(List.of("--death-signal", "none"), Launcher.server())) {
            long server = run.awaitServer();
            launcher.awaitRecordedServer("orders");
            run.signal("KILL");
            run.awaitExitWithoutOutput();
            assertStatus(0, "orphaned", "orders: orphaned, its launcher was killed; server pid " + server);
            Processes.signal(server, "KILL");
            Processes.awaitDeath(server);
            assertStatus(1, "stale", "orders: not running; its last instance left the lock file");
        }
    }

    private void assertStatus(int code, String verdict, String text) {
        try (Child status = command("status", "orders")) {
            assertThat(status.awaitExit()).as("%s", status).isEqualTo(code);
            assertThat(status.stdout()).startsWith(text);
        }
        try (Child status = command("status", "orders", "--json")) {
            assertThat(status.awaitExit()).as("%s", status).isEqualTo(code);
            // What other tests look at without a process
            assertThat(status.stdout())
                    .contains("\"verdict\":\"" + verdict + "\"")
                    .isEqualTo(Launcher.in(locks).statusJson("orders") + "\n");
        }
    }

    @Test
    void statusWithoutANameListsAll() {
        Launcher launcher = Launcher.in(locks);
        try (Child none = command("status")) {
            assertThat(none.awaitExit()).isEqualTo(3);
        }
        try (Child a = launcher.run(List.of("--name", "a"), Launcher.server());
                Child b = launcher.run(List.of("--name", "b", "--scope", "user"), Launcher.server())) {
            launcher.awaitRecordedServer("a");
            launcher.awaitRecordedServer("b-" + Self.effectiveUser());
            try (Child status = command("status")) {
                assertThat(status.awaitExit()).isZero();
                assertThat(status.stdout()).contains("a: running, pid " + a.pid(), "b: running, pid " + b.pid());
            }
            try (Child status = command("status", "b")) {
                assertThat(status.awaitExit()).as("found in user scope, too").isZero();
            }
        }
    }

    @Test
    void statusWithoutANameTellsWhatItCannotRead() throws IOException {
        Files.createSymbolicLink(locks.resolve("linked.lock"), locks.resolve("nowhere"));
        Files.writeString(locks.resolve("foreign.lock"), "of another program");
        try (Child status = command("status")) {
            assertThat(status.awaitExit()).as(status.stdout()).isEqualTo(4);
            assertThat(status.stdout())
                    .contains("linked: cannot be verified", "is a symbolic link")
                    .doesNotContain("no instance", "foreign");
        }
        try (Child status = command("status", "--json")) {
            assertThat(status.awaitExit()).isEqualTo(4);
            assertThat(status.stdout()).contains("\"verdict\":\"unverifiable\"", "linked.lock");
        }
        try (Child run = Launcher.in(locks).run(List.of(), List.of("sh", "-c", "echo up; exec sleep 60"))) {
            run.awaitOut("up");
            Launcher.in(locks).awaitRecordedServer("orders");
            try (Child status = command("status")) {
                assertThat(status.awaitExit()).as(status.stdout()).isZero();
                assertThat(status.stdout()).contains("linked: cannot be verified", "orders: running");
            }
        }
    }

    /** It holds the lock, and has not written yet who it is. */
    @Test
    void statusWithoutANameTellsOfAnInstanceThatIsJustStarting() {
        try (Child starting = Child.start(SlowStarter.at(locks.resolve("orders.lock"), Step.ACQUIRE_LOCKED))) {
            starting.awaitOut("ready (\\d+)");
            try (Child status = command("status")) {
                assertThat(status.awaitExit()).as(status.stdout()).isEqualTo(4);
                assertThat(status.stdout())
                        .contains("orders: cannot be verified")
                        .doesNotContain("no instance");
            }
        }
    }

    @Test
    void statusWithoutANameInAMissingFolderIsNo() {
        try (Child status = Launcher.in(locks)
                .command(
                        List.of("status", "--lock-dir", locks.resolve("missing").toString()))) {
            assertThat(status.awaitExit()).isEqualTo(3);
        }
    }

    @Test
    void statusInsideAServerIsItsOwn() {
        Launcher launcher = Launcher.in(locks);
        // It may be quicker than its launcher, which has to write down who it is.
        String self = "until grep -q serverPid \"$HOLDFAST_LOCK_FILE\"; do sleep 0.05; done; exec \"$0\" status";
        try (Child run = launcher.run(
                List.of(), List.of("sh", "-c", self, Launcher.executable().toString()))) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stdout()).startsWith("orders: running, pid " + run.pid());
        }
    }

    @Test
    void stopInsideAServerIsAGracefulStop() {
        Launcher launcher = Launcher.in(locks);
        String script = "trap 'echo stopped; exit 6' TERM; " + Launcher.executable() + " stop & wait";
        try (Child run = launcher.run(List.of(), List.of("sh", "-c", script))) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(6);
            assertThat(run.stdout()).contains("stopped");
        }
        assertThat(launcher.leftovers()).isEmpty();
    }

    @Test
    void stopEndsAnInstanceGracefully() {
        Launcher launcher = Launcher.in(locks);
        try (Child run = launcher.run(List.of(), Launcher.server("exit=4"))) {
            run.awaitServer();
            try (Child stop = command("stop", "orders")) {
                assertThat(stop.awaitExit()).as("%s", stop).isZero();
                assertThat(stop.stdout()).isEqualTo("orders: stopped\n");
            }
            assertThat(run.awaitExit()).isEqualTo(4);
            assertThat(run.stdout()).contains("got TERM").doesNotContain("got CONT");
        }
        assertThat(launcher.leftovers()).isEmpty();
        try (Child again = command("stop", "orders")) {
            assertThat(again.awaitExit()).isZero();
            assertThat(again.stdout()).isEqualTo("orders: not running\n");
        }
    }

    @Test
    void stopShortensTheGraceWhenToldTo() {
        Launcher launcher = Launcher.in(locks);
        try (Child run = launcher.run(List.of("--grace", "60s"), Launcher.server("ignore=TERM", "setsid"))) {
            run.awaitServer();
            List<Long> tree = Processes.descendants(run.pid());
            try (Child stop = command("stop", "orders", "--grace", "200ms")) {
                assertThat(stop.awaitExit()).as("%s", stop).isZero();
            }
            assertThat(tree).hasSize(2).noneMatch(Processes::isAlive);
            run.awaitExit();
        }
        assertThat(launcher.leftovers()).isEmpty();
    }

    @Test
    void stopEndsAnOrphanedServerAndRemovesTheFile() {
        Launcher launcher = Launcher.in(locks);
        try (Child run = launcher.run(
                List.of("--grace", "300ms", "--death-signal", "none"), Launcher.server("ignore=TERM", "child"))) {
            run.awaitServer();
            List<Long> tree = Processes.descendants(run.pid());
            run.signal("KILL");
            run.awaitExitWithoutOutput();
            try (Child stop = command("stop", "orders")) {
                assertThat(stop.awaitExit()).as("%s", stop).isZero();
            }
            assertThat(tree).hasSize(2).noneMatch(Processes::isAlive);
        }
        assertThat(launcher.leftovers()).isEmpty();
    }

    @Test
    void stopRemovesAStaleFile() throws IOException {
        Files.createFile(
                locks.resolve("orders.lock"),
                java.nio.file.attribute.PosixFilePermissions.asFileAttribute(
                        java.nio.file.attribute.PosixFilePermissions.fromString("rw-------")));
        try (Child stop = command("stop", "orders")) {
            assertThat(stop.awaitExit()).isZero();
            assertThat(stop.stdout()).isEqualTo("orders: not running\n");
        }
        assertThat(Launcher.in(locks).leftovers()).isEmpty();
    }
}
