package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.lock.file.Step;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.RecordedServer;
import dev.holdfast.testkit.SlowStarter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The lock follows the server, and a launcher that was SIGKILLed at any step leaves nothing that cannot be started
 * again: the next start says what it found, and a server that outlived its launcher is refused until it is forced.
 */
@Timeout(180)
class CrashIT {
    private static final List<String> NONE = List.of();
    private static final List<String> FORCE = List.of("--force");
    private static final int KILLED = 137;

    @TempDir
    Path locks;

    @TempDir
    Path output;

    private RecordedServer recorded;

    @BeforeEach
    void make() {
        recorded = new RecordedServer(output);
    }

    @AfterEach
    void endServers() {
        recorded.end();
    }

    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"ACQUIRE_OPENED", "ACQUIRE_LOCKED", "ACQUIRE_VERIFIED", "ACQUIRE_INTERLOCKED"})
    void crashBeforeTheRecordLeavesAnEmptyFileThatNobodyMentions(Step step) {
        crash(step, "code=0");
        assertThat(locks.resolve("orders.lock")).isEmptyFile();
        assertStarts(NONE, "");
    }

    @Test
    void crashAfterTheRecordLeavesAStaleRecordThatIsTold() {
        long pid = crash(Step.ACQUIRE_RECORDED, "code=0");
        assertStarts(NONE, staleRecordOf(pid));
    }

    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"RUN_SPAWNED", "RUN_RECORDED", "RUN_READY"})
    void serverThatLostItsLauncherKeepsTheLockAndEndsByForce(Step step) {
        try (Child crashed = crashing(step).run(NONE, recorded.command())) {
            long server = recorded.awaitServer();
            assertThat(killed(crashed)).isTrue();
            assertRefusedAsOrphaned(server);
            assertForceEnds(server);
            assertThat(recorded.output()).contains("got TERM");
        }
    }

    /** Whatever the step, no second server runs beside one that is left, and nothing is left that a start cannot handle. */
    @ParameterizedTest
    @EnumSource(Step.class)
    void crashAfterAnyStepLeavesWhatTheNextStartCanHandle(Step step) {
        boolean isOfAStop = step == Step.RELEASE_STOPPING;
        try (Child crashed = crashing(step).run(NONE, isOfAStop ? recorded.command() : recorded.command("code=0"))) {
            if (isOfAStop) {
                recorded.awaitServer();
                crashed.signal("TERM");
            }
            assertThat(killed(crashed)).as("%s %s", step, crashed).isTrue();
        }
        try (Child forced = launcher().run(FORCE, Launcher.server("code=0"))) {
            assertThat(forced.awaitExit()).as("%s %s", step, forced).isZero();
        }
        assertThat(locks).isEmptyDirectory();
    }

    @Test
    void crashRightAfterTheStopSignalWasPassedOnLeavesTheServerToEnd() {
        try (Child crashed = crashing(Step.RELEASE_STOPPING).run(NONE, recorded.command())) {
            long server = recorded.awaitServer();
            crashed.signal("TERM");
            assertThat(killed(crashed)).isTrue();
            Processes.awaitDeath(server);
            assertThat(recorded.output()).contains("got TERM");
            assertStarts(NONE, staleRecordOf(crashed.pid()));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"RELEASE_REAPED", "RELEASE_INTERLOCK_FREED"})
    void crashAfterTheServersEndLeavesAStaleRecord(Step step) {
        long pid = crash(step, "code=0");
        assertStarts(NONE, staleRecordOf(pid));
    }

    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"RELEASE_UNLINKED", "RELEASE_UNLOCKED", "RELEASE_DONE"})
    void crashAfterTheUnlinkLeavesNothing(Step step) {
        crash(step, "code=0");
        assertThat(locks).isEmptyDirectory();
        assertStarts(NONE, "");
    }

    @Test
    void launcherKilledAtAnyTimeLeavesWhatTheNextStartCanHandle() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 12; i++) {
            Files.deleteIfExists(recorded.file());
            try (Child killed = launcher().run(NONE, recorded.command())) {
                var unused = killed.endsWithin(Duration.ofMillis(random.nextInt(250)));
                Processes.signal(killed.pid(), "KILL");
                assertThat(killed(killed)).isTrue();
                try (Child next = launcher().run(NONE, Launcher.server("code=0"))) {
                    int code = next.awaitExit();
                    if (code != 0) {
                        assertThat(code)
                                .as("seed %d round %d: %s", seed, i, next)
                                .isEqualTo(75);
                        assertThat(next.stderr()).contains("orphaned (its launcher was killed)");
                        long server = recorded.awaitServer();
                        assertForceEnds(server);
                    }
                }
                assertThat(locks).as("seed %d round %d", seed, i).isEmptyDirectory();
            }
        }
    }

    @Test
    void grandchildThatOutlivesLauncherAndServerKeepsTheLockAndEndsByForce() {
        try (Child first = launcher().run(List.of("--grace", "300ms"), recorded.command("setsid"))) {
            long server = recorded.awaitServer();
            long grandchild = recorded.awaitPid("child");
            try {
                Processes.signal(first.pid(), "KILL");
                Processes.signal(server, "KILL");
                assertThat(killed(first)).isTrue();
                Processes.awaitDeath(server);
                assertRefusedAsOrphaned(grandchild);
                assertForceEnds(grandchild);
            } finally {
                Processes.signal(grandchild, "KILL");
            }
        }
    }

    /** Nobody holds its lock any more; its environment tells whose it is. */
    @Test
    void serverThatLetGoOfTheLockAndLostItsLauncherIsRefusedAndEndsByForce() throws IOException {
        try (Child first = launcher().run(NONE, recorded.command("close"))) {
            long server = recorded.awaitServer();
            launcher().awaitRecordedServer("orders");
            Processes.signal(first.pid(), "KILL");
            assertThat(killed(first)).isTrue();
            for (int i = 0; i < 2; i++) {
                try (Child next = launcher().run(NONE, Launcher.server("code=0"))) {
                    assertThat(next.awaitExit()).as("%s", next).isEqualTo(75);
                    assertThat(next.stdout()).isEmpty();
                    assertThat(next.stderr())
                            .contains("the server of \"orders\" is still running: pid " + server)
                            .contains("(not held)");
                }
            }
            assertThat(Processes.isAlive(server)).isTrue();
            assertThat(recorded.output()).doesNotContain("got");
            assertForceEnds(server);
            assertThat(recorded.output()).containsOnlyOnce("got");
        }
    }

    @Test
    void stopEndsAServerThatLetGoOfTheLockAndLostItsLauncher() throws IOException {
        try (Child first = launcher().run(NONE, recorded.command("close"))) {
            long server = recorded.awaitServer();
            launcher().awaitRecordedServer("orders");
            Processes.signal(first.pid(), "KILL");
            assertThat(killed(first)).isTrue();
            try (Child stop = launcher().command(List.of("stop", "orders", "--lock-dir", locks.toString()))) {
                assertThat(stop.awaitExit()).as("%s", stop).isZero();
                assertThat(stop.stdout()).isEqualTo("orders: stopped\n");
            }
            assertThat(Processes.isAlive(server)).isFalse();
            assertThat(recorded.output()).containsOnlyOnce("got");
            assertThat(locks.resolve("orders.lock")).doesNotExist();
        }
    }

    @Test
    void launcherThatHasNotWrittenItsRecordYetIsNoOrphanOfAStaleOneAndIsNotForced() {
        crash(Step.ACQUIRE_RECORDED, "code=0");
        try (Child starting = Child.start(SlowStarter.at(locks.resolve("orders.lock"), Step.ACQUIRE_INTERLOCKED))) {
            starting.awaitServer();
            for (List<String> options : List.of(NONE, FORCE)) {
                try (Child next = launcher().run(options, Launcher.server("code=0"))) {
                    assertThat(next.awaitExit()).as("%s", next).isEqualTo(75);
                    assertThat(next.stderr()).contains("it is just starting").doesNotContain("orphaned");
                }
            }
            assertThat(starting.isAlive()).isTrue();
        }
    }

    @Test
    void serverThatLetGoOfTheLockIsStillGuardedByItsLauncher() {
        try (Child first = launcher().run(NONE, recorded.command("close"))) {
            long server = recorded.awaitServer();
            try (Child next = launcher().run(NONE, Launcher.server("code=0"))) {
                assertThat(next.awaitExit()).as("%s", next).isEqualTo(75);
            }
            assertThat(Processes.isAlive(server)).isTrue();
            first.signal("TERM");
            assertThat(first.awaitExit()).isZero();
            assertThat(locks).isEmptyDirectory();
        }
    }

    /** Its server must live on, or there would be nothing to see. */
    private Launcher launcher() {
        return Launcher.in(locks).env("HOLDFAST_DEATH_SIGNAL", "none");
    }

    private Launcher crashing(Step step) {
        return launcher().crashingAfter(step);
    }

    private static boolean killed(Child child) {
        return child.awaitExitWithoutOutput() == KILLED;
    }

    /** Runs a launcher that crashes at the step, and gives its pid. */
    private long crash(Step step, String... server) {
        try (Child crashed = crashing(step).run(NONE, Launcher.server(server))) {
            assertThat(crashed.awaitExit()).as("%s", crashed).isEqualTo(KILLED);
            return crashed.pid();
        }
    }

    private static String staleRecordOf(long pid) {
        return "overwriting the stale record of an instance that ended without releasing its lock pid=" + pid + " ";
    }

    /** The next start works, says so much, and leaves nothing. */
    private void assertStarts(List<String> options, String message) {
        try (Child next = launcher().run(options, Launcher.server("code=0"))) {
            assertThat(next.awaitExit()).as("%s", next).isZero();
            assertThat(next.stdout()).startsWith("ready ");
            if (message.isEmpty()) {
                assertThat(next.stderr()).isEmpty();
            } else {
                assertThat(next.stderr().lines()).singleElement().asString().contains(message);
            }
        }
        assertThat(locks).isEmptyDirectory();
    }

    private void assertRefusedAsOrphaned(long pid) {
        try (Child next = launcher().run(NONE, Launcher.server("code=0"))) {
            assertThat(next.awaitExit()).as("%s", next).isEqualTo(75);
            assertThat(next.stdout()).isEmpty();
            assertThat(next.stderr())
                    .startsWith("holdfast: the server of \"orders\" is still running: pid " + pid
                            + ", orphaned (its launcher was killed)")
                    .contains("(held, verified)");
        }
        assertThat(Processes.isAlive(pid)).isTrue();
        assertThat(Files.exists(locks.resolve("orders.lock"))).isTrue();
    }

    private void assertForceEnds(long pid) {
        try (Child next = launcher().run(FORCE, Launcher.server("code=0"))) {
            assertThat(next.awaitExit()).as("%s", next).isZero();
            assertThat(next.stdout()).startsWith("ready ");
            assertThat(next.stderr()).contains("taking over \"orders\" from orphaned server pid=" + pid);
        }
        assertThat(Processes.isAlive(pid)).isFalse();
        assertThat(locks).isEmptyDirectory();
    }
}
