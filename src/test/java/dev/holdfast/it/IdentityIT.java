package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Promises 1 and 3 where a pid does not say who it is: reused, a zombie's, of another pid namespace, of another boot, our
 * own or 1. Nobody but a proved holder is ever signalled, and nothing stale is in the way.
 */
@Timeout(180)
class IdentityIT {
    private static final List<String> PRIVATE_PIDS =
            List.of("unshare", "--pid", "--fork", "--kill-child", "--mount-proc");

    @TempDir
    Path locks;

    @Test
    void innocentWithARecycledPidLivesOn() {
        // The launcher and its server are killed; then their pids are given to bystanders, and starts come.
        Child run = inPidNamespace(
                List.of(),
                "HOLDFAST run --lock-dir LOCKS --name orders -- sleep 1000 & launcher=$!; "
                        + "until grep -q serverPid LOCKS/orders.lock 2>/dev/null; do :; done; "
                        + "server=$(sed 's/.*\"serverPid\":\\([0-9]*\\).*/\\1/' LOCKS/orders.lock); "
                        + "kill -KILL $launcher $server; wait $launcher; cp LOCKS/orders.lock LOCKS/stale; "
                        + "while [ -e /proc/$server ]; do sleep 0.01; done; " // so that it is reaped
                        + "echo $((launcher - 1)) >/proc/sys/kernel/ns_last_pid; sleep 1000 & [ $! = $launcher ] || echo missed; "
                        + "echo $((server - 1)) >/proc/sys/kernel/ns_last_pid; sleep 1000 & [ $! = $server ] || echo missed; "
                        + "for force in --on-conflict=fail --force; do cp -p LOCKS/stale LOCKS/orders.lock; "
                        + "HOLDFAST run --lock-dir LOCKS --name orders $force -- echo ran; echo code=$?; done; "
                        + "kill -0 $launcher && kill -0 $server && echo innocents live");
        try (run) {
            run.awaitExit();
            assumeTrue(!run.stdout().contains("missed"), "needs a pid that nothing else takes meanwhile");
            assertThat(run.stdout()).as("%s", run).isEqualTo("ran\ncode=0\nran\ncode=0\ninnocents live\n");
            assertThat(run.stderr()).contains("overwriting the stale record");
        }
    }

    /**
     * A start that waits knows when those that it has seen began, and passes over what is older than the instance by more than
     * three seconds: but not over a worker that has got the pid of one of them.
     */
    @Test
    void workerWithAPidThatTheWaiterHasKnownKeepsItWaiting() throws IOException {
        Programs.require("python3");
        // It closes what it has inherited, and leaves the server's session: nothing but its environment tells whose it
        // is.
        Files.writeString(locks.resolve("server.py"), """
                import os, time
                while not os.path.exists("go"): time.sleep(0.02)
                open("/proc/sys/kernel/ns_last_pid", "w").write(str(int(open("go").read()) - 1))
                worker = os.fork()
                if worker == 0:
                    os.setsid()
                    os.closerange(0, 2000)
                    while not os.path.exists("end"): time.sleep(0.02)
                    os._exit(0)
                with open("began.new", "w") as file: file.write(str(worker))
                os.rename("began.new", "began")
                time.sleep(1000)
                """);
        Child run = inPidNamespace(
                List.of(),
                "cd LOCKS; sleep 1000 & old=$!; sleep 4; "
                        + "HOLDFAST run --lock-dir LOCKS --name orders --death-signal KILL -- python3 server.py & launcher=$!; "
                        + "until grep -q serverPid orders.lock 2>/dev/null; do sleep 0.02; done; "
                        + "HOLDFAST run --lock-dir LOCKS --name orders --on-conflict wait -- touch ran 2>told & waiter=$!; "
                        + "until grep -q inotify-close /proc/$waiter/task/*/comm 2>/dev/null; do sleep 0.02; done; "
                        + "sleep 1; kill -KILL $old; wait $old; echo $old >go.new; mv go.new go; "
                        + "until [ -e began ]; do sleep 0.02; done; [ $(cat began) = $old ] || echo missed; "
                        + "server=$(sed 's/.*\"serverPid\":\\([0-9]*\\).*/\\1/' orders.lock); "
                        + "kill -KILL $launcher $server; "
                        + "until grep -q 'what is left' told || [ -e ran ]; do sleep 0.02; done; "
                        + "[ -e ran ] && echo beside the worker; touch end; wait $waiter; echo code=$?");
        try (run) {
            run.awaitExit();
            assumeTrue(!run.stdout().contains("missed"), "needs a pid that nothing else takes meanwhile");
            assertThat(run.stdout()).as("%s", run).isEqualTo("code=0\n");
            assertThat(locks.resolve("ran")).exists();
        }
    }

    /** Anybody of the same user can have such locks on the file of an instance that crashed. */
    @Test
    void bystanderWithOtherLocksOnTheFileOfACrashedInstanceLivesOn() throws IOException {
        Programs.require("python3");
        Launcher launcher = Launcher.in(locks);
        try (Child crashed = launcher.run(List.of("--death-signal", "KILL"), Launcher.server())) {
            long server = crashed.awaitServer();
            launcher.awaitRecordedServer("orders");
            Processes.signal(crashed.pid(), "KILL");
            crashed.awaitExit();
            Processes.awaitDeath(server);
        }
        // A shared flock, and a read lock of the description (F_OFD_SETLK, F_RDLCK) on byte 100
        String take = "import fcntl, struct, sys, time; f = open(sys.argv[1], 'r+'); fcntl.flock(f, fcntl.LOCK_SH);"
                + " fcntl.fcntl(f, 37, struct.pack('hhqqi4x', fcntl.F_RDLCK, 0, 100, 1, 0)); print('locked', flush=True);"
                + " time.sleep(1000)";
        String file = launcher.lockFile("orders").toString();
        try (Child bystander = Child.start(new ProcessBuilder("python3", "-c", take, file))) {
            bystander.awaitOut("locked");
            for (List<String> words : List.of(
                    List.of("run", "--name", "orders", "--force", "--lock-dir", locks.toString(), "--", "echo", "ran"),
                    List.of("stop", "orders", "--lock-dir", locks.toString()),
                    List.of("status", "orders", "--lock-dir", locks.toString()))) {
                try (Child command = launcher.command(words)) {
                    assertThat(command.awaitExit()).as("%s", command).isNotZero();
                    assertThat(command.stdout() + command.stderr()).doesNotContain("orphaned", "ran\n");
                }
            }
            assertThat(bystander.isAlive()).isTrue();
        }
        assertNextStartRuns(launcher);
    }

    @Test
    void zombieHolderIsNoHolder() throws IOException {
        Launcher launcher = Launcher.in(locks);
        // A parent that does not reap the launcher, which is left as a zombie.
        List<String> words =
                new ArrayList<>(List.of("perl", "-e", "if (!(my $p = fork)) { exec @ARGV } $| = 1; sleep 1 while 1"));
        words.addAll(launcher.builder(List.of("run", "--lock-dir", locks.toString(), "--name", "orders", "--"))
                .command());
        words.addAll(Launcher.server());
        try (Child parent = Child.start(new ProcessBuilder(words))) {
            long server = parent.awaitServer();
            long holder = Processes.descendants(parent.pid()).stream()
                    .filter(pid -> pid != server)
                    .findFirst()
                    .orElseThrow();
            Processes.signal(holder, "KILL");
            Processes.signal(server, "KILL");
            Processes.awaitDeath(holder);
            Processes.awaitDeath(server);
            assertThat(Processes.stat(holder).orElseThrow()[0]).isEqualTo("Z");
            assertNextStartRuns(launcher);
        }
    }

    @Test
    void holderInAnotherPidNamespaceIsRefusedAndNeverSignalled() {
        Launcher launcher = Launcher.in(locks);
        // Both launchers are a namespace's pid 1. One that has become the server cannot be asked to yield, see YieldIT.
        String run = "exec HOLDFAST run --lock-dir LOCKS --name orders -- ";
        try (Child first = inPidNamespace(
                List.of(), run.replace("-- ", "--handoff exec -- ") + String.join(" ", Launcher.server()))) {
            first.awaitServer();
            for (List<String> more : List.of(List.<String>of(), List.of("--net"))) {
                try (Child second = inPidNamespace(more, run + "echo ran");
                        Child forced = inPidNamespace(more, run.replace("-- ", "--force -- ") + "echo ran")) {
                    assertRefused(second);
                    assertRefused(forced);
                    assertThat(forced.stderr()).contains("not forced ");
                }
            }
            try (Child outside = launcher.run(List.of("--force"), List.of("echo", "ran"))) {
                assertRefused(outside);
            }
            assertThat(first.isAlive()).isTrue();
            assertThat(first.stdout()).doesNotContain("got ");
            // The namespace's pid 1; unshare ends with it
            Processes.signal(Processes.children(first.pid()).get(0), "KILL");
            first.awaitExit();
            org.awaitility.Awaitility.await()
                    .until(() -> !launcher.statusJson("orders").contains("unverifiable"));
            try (Child next = inPidNamespace(List.of(), run + "echo ran")) {
                assertThat(next.awaitExit()).as("%s", next).isZero();
                assertThat(next.stdout()).isEqualTo("ran\n");
                assertThat(next.stderr()).contains("overwriting the stale record");
            }
        }
    }

    private static void assertRefused(Child start) {
        assertThat(start.awaitExit()).as("%s", start).isEqualTo(75);
        assertThat(start.stdout()).isEmpty();
        assertThat(start.stderr()).contains("another pid namespace");
    }

    @Test
    void procOfAnotherPidNamespaceIsRefused() {
        assumeUnshare(List.of("unshare", "--pid", "--fork"));
        Launcher launcher = Launcher.in(locks);
        List<String> words = new ArrayList<>(List.of("unshare", "--pid", "--fork", "--kill-child"));
        words.addAll(launcher.builder(
                        List.of("run", "--lock-dir", locks.toString(), "--name", "orders", "--", "echo", "ran"))
                .command());
        try (Child run = Child.start(new ProcessBuilder(words))) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(71);
            assertThat(run.stderr()).contains("belongs to another pid namespace");
            assertThat(launcher.leftovers()).isEmpty();
        }
    }

    @Test
    void stopsAsPidOneOfANamespace() {
        Child run = inPidNamespace(
                List.of(),
                "exec HOLDFAST run --lock-dir LOCKS --name orders -- sh -c 'echo parent $PPID; kill -TERM 1; "
                        + "exec sleep 1000'");
        try (run) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(143);
            assertThat(run.stdout()).isEqualTo("parent 1\n");
            assertThat(Launcher.in(locks).leftovers()).isEmpty();
        }
    }

    @Test
    void recordsOfAnotherBootOfPidOneAndOfOurselvesAreStale() throws IOException {
        Launcher launcher = Launcher.in(locks);
        String boot =
                Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).trim();
        try (Child bystander = Child.start(new ProcessBuilder("sleep", "1000"))) {
            String ticks = Processes.stat(bystander.pid()).orElseThrow()[19];
            String rebooted = "01234567-89ab-cdef-0123-456789abcdef";
            plant(launcher, rebooted, bystander.pid(), ticks);
            assertNextStartRuns(launcher);
            plant(launcher, boot, 1, Processes.stat(1).orElseThrow()[19]);
            assertNextStartRuns(launcher);
            assertThat(bystander.isAlive()).isTrue();
        }
    }

    /** A container that is started again: the pids are the same, the record is the last life's. */
    @Test
    void ownPidInAStaleRecordIsStale() {
        String script = "printf '{\"pid\":1,\"startTime\":\"2026-05-02T09:14:03Z\",\"startTicks\":%s,\"bootId\":\"%s\","
                + "\"pidNamespace\":%s}' $(cut -d' ' -f22 /proc/1/stat) $(cat /proc/sys/kernel/random/boot_id) "
                + "$(readlink /proc/self/ns/pid | tr -cd 0-9) >LOCKS/orders.lock; chmod 600 LOCKS/orders.lock; "
                + "exec HOLDFAST run --lock-dir LOCKS --name orders --force -- echo ran";
        try (Child run = inPidNamespace(List.of(), script)) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stdout()).isEqualTo("ran\n");
            assertThat(run.stderr()).contains("overwriting the stale record", "pid=1 ");
        }
    }

    private static void assertNextStartRuns(Launcher launcher) {
        try (Child next = launcher.run(List.of("--force"), List.of("echo", "ran"))) {
            assertThat(next.awaitExit()).as("%s", next).isZero();
            assertThat(next.stdout()).isEqualTo("ran\n");
            assertThat(next.stderr()).contains("overwriting the stale record");
            assertThat(launcher.leftovers()).isEmpty();
        }
    }

    private static void plant(Launcher launcher, String boot, long pid, String ticks) throws IOException {
        String namespace =
                Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString().replaceAll("[^0-9]", "");
        Path lock = launcher.lockFile("orders");
        Files.writeString(
                lock,
                ("{\"pid\":%1$d,\"startTime\":\"2026-05-02T09:14:03Z\",\"startTicks\":%2$s,\"serverPid\":%1$d,"
                                + "\"serverStartTicks\":%3$s,\"bootId\":\"%4$s\",\"pidNamespace\":%5$s}")
                        .formatted(pid, ticks, pid == 1 ? "1" : ticks, boot, namespace));
        Files.setPosixFilePermissions(lock, PosixFilePermissions.fromString("rw-------"));
    }

    /** Runs a script as pid 1 of a new pid namespace, which dies with it. */
    private Child inPidNamespace(List<String> more, String script) {
        List<String> command = new ArrayList<>(PRIVATE_PIDS);
        assumeUnshare(command);
        command.addAll(more);
        command.addAll(List.of(
                "sh",
                "-c",
                script.replace("HOLDFAST", "'" + Launcher.executable() + "'").replace("LOCKS", locks.toString())));
        return Child.start(new ProcessBuilder(command));
    }

    private static void assumeUnshare(List<String> command) {
        List<String> words = new ArrayList<>(command);
        words.add("true");
        try (Child probe = Child.start(new ProcessBuilder(words))) {
            assumeTrue(probe.awaitExit() == 0, "needs pid namespaces of its own: " + probe.stderr());
        }
    }
}
