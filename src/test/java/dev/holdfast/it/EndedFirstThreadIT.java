package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.posix.processes.ProcFs;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.Programs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Programs whose first thread has ended while others go on, as by pthread_exit(3) in {@code main}. {@code /proc/PID} shows
 * a zombie then, without descriptors and environment; the process lives, and has its locks and ports.
 */
@Timeout(180)
class EndedFirstThreadIT {
    private static final String BODY = """
            import ctypes, os, threading, time
            threading.Thread(target=lambda: time.sleep(1000)).start()
            print('ready', os.getpid(), flush=True)
            ctypes.CDLL(None).pthread_exit(None)
            """;

    @TempDir
    Path locks;

    private Launcher launcher;
    private List<String> program;

    @BeforeEach
    void prepare() {
        launcher = Launcher.in(locks);
        program = List.of(Programs.require("python3"), "-c", BODY);
    }

    private Child start(String... command) {
        return launcher.run(List.of("--death-signal", "none", "--grace", "60s"), List.of(command));
    }

    /** A shell that leaves such a worker without our descriptors, and says the worker's "ready". */
    private Child startParent() {
        return start("sh", "-c", "\"$0\" \"$@\" & exec sleep 1000", program.get(0), program.get(1), program.get(2));
    }

    private static void awaitEndedFirstThread(long pid) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> Processes.stat(pid).orElseThrow()[0].equals("Z"));
        assertThat(Processes.isAlive(pid)).isTrue();
    }

    @Test
    void workerIsStoppedWithoutWaitingOutTheGrace() {
        try (Child run = startParent()) {
            long worker = run.awaitServer();
            awaitEndedFirstThread(worker);
            assertThat(ProcFs.residentKilobytes((int) worker)).isGreaterThan(1000);
            assertThat(ProcFs.workingDirectory((int) worker)).isEqualTo(ProcFs.workingDirectory((int) run.pid()));
            run.signal("TERM");
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(143);
            Processes.awaitDeath(worker);
            assertThat(run.stderr()).contains("stopping 1 process that").doesNotContain("grace over");
        }
    }

    @Test
    void workerOfAKilledLauncherIsSeenAndStopped() {
        try (Child run = startParent()) {
            long worker = run.awaitServer();
            awaitEndedFirstThread(worker);
            launcher.awaitRecordedServer("orders");
            long parent = Processes.children(run.pid()).get(0);
            run.signal("KILL");
            Processes.awaitDeath(run.pid());
            Processes.signal(parent, "KILL");
            Processes.awaitDeath(parent);
            try (Child second = launcher.run(List.of(), List.of("true"))) {
                assertThat(second.awaitExit()).as("%s", second).isEqualTo(75);
                assertThat(second.stderr()).contains(Long.toString(worker));
            }
            try (Child stop = launcher.command(List.of("stop", "orders", "--lock-dir", locks.toString()))) {
                assertThat(stop.awaitExit()).as("%s", stop).isZero();
            }
            Processes.awaitDeath(worker);
        }
    }

    @Test
    void serverOfAKilledLauncherIsProvedAndTakenOver() {
        try (Child run = start(program.toArray(String[]::new))) {
            long server = run.awaitServer();
            awaitEndedFirstThread(server);
            launcher.awaitRecordedServer("orders");
            run.signal("KILL");
            Processes.awaitDeath(run.pid());
            try (Child status = launcher.command(List.of("status", "orders", "--lock-dir", locks.toString()))) {
                assertThat(status.awaitExit()).as("%s", status).isZero();
                assertThat(status.stdout()).contains("orphaned").contains("(held, verified)");
            }
            try (Child second = launcher.run(List.of("--force"), List.of("true"))) {
                assertThat(second.awaitExit()).as("%s", second).isZero();
            }
            Processes.awaitDeath(server);
        }
    }
}
