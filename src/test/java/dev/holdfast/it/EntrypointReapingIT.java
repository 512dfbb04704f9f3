package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.Wrapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Orphans that come to a wrapper, by the same tests for ours and for others. */
@Timeout(180)
class EntrypointReapingIT {
    /** Forks twice, 100 times: the grandchildren are orphans at once. They wait for the end of its input, and then each ends at a time of its own. */
    private static final List<String> ORPHANAGE = List.of(
            "perl",
            "-MPOSIX",
            "-e",
            "$| = 1; pipe R, W; for my $n (1 .. 100) { my $child = fork; if (!$child) { POSIX::_exit(0) if fork;"
                    + "close W; sysread R, my $x, 1; select undef, undef, undef, $n / 100; POSIX::_exit(0) }"
                    + " waitpid $child, 0 }"
                    + "print \"ready $$\\n\"; <STDIN>; close W; select undef, undef, undef, 0.1 while 1");

    @TempDir
    Path locks;

    private final Map<Long, Long> zombieSince = new HashMap<>();
    private final Map<Long, Integer> looks = new HashMap<>();

    @BeforeEach
    void forget() {
        zombieSince.clear();
        looks.clear();
    }

    /** T3, T5: dumb-init adopts nobody where it is not PID 1. */
    @ParameterizedTest
    @EnumSource(names = {"HOLDFAST", "TINI"})
    void orphansAreAdoptedAndReapedAtOnce(Wrapper wrapper) {
        try (Child run = wrapper.start(locks, ORPHANAGE)) {
            long server = run.awaitServer();
            assertReaped(run.pid(), run);
            assertThat(Processes.isAlive(server)).isTrue();
            assertThat(Processes.children(run.pid())).containsExactly(server);
        }
    }

    /** T3, D19, C6 does not arise: as PID 1 everything comes to it, and nothing stays. */
    @ParameterizedTest
    @EnumSource
    void pidOneReapsAtOnce(Wrapper wrapper) {
        EntrypointPidOneIT.needsNamespaces();
        try (Child run = wrapper.start(EntrypointPidOneIT.NAMESPACE, locks, ORPHANAGE)) {
            run.awaitServer();
            assertReaped(Processes.children(run.pid()).get(0), run);
        }
    }

    /** All orphans come to it, and when they end none stays. */
    private void assertReaped(long wrapper, Child run) {
        await("orphans").until(() -> Processes.children(wrapper).size() == 101);
        run.closeStdin();
        await().pollInterval(Duration.ofMillis(10)).until(() -> {
            List<Long> children = Processes.children(wrapper);
            children.forEach(this::look);
            return children.size() == 1;
        });
    }

    /** Looks, too: on a busy machine a second goes by without anybody having had a chance. */
    private void look(long pid) {
        boolean zombie =
                Processes.stat(pid).map(fields -> fields[0].equals("Z")).orElse(false);
        if (zombie) {
            long since = zombieSince.computeIfAbsent(pid, unused -> System.nanoTime());
            int times = looks.merge(pid, 1, Integer::sum);
            if (System.nanoTime() - since > 1_000_000_000 && times > 20) {
                fail("pid " + pid + " has been a zombie for more than a second");
            }
        }
    }

    /** C1: one SIGCHLD stands for many. 50 orphans and the server end by the same closed pipe. */
    @ParameterizedTest
    @EnumSource(names = {"HOLDFAST", "TINI"})
    void endOfTheServerAmongManyOthersIsSeen(Wrapper wrapper) {
        String server = "$| = 1; pipe R, W; for (1 .. 50) { my $child = fork; if (!$child) { exit 0 if fork;"
                + "close W; sysread R, my $x, 1; exit 3 } waitpid $child, 0 } print \"ready $$\\n\";"
                + "<STDIN>; close W; exit 7";
        for (int round = 0; round < 3; round++) {
            try (Child run = wrapper.start(locks, List.of("perl", "-e", server))) {
                run.awaitServer();
                run.closeStdin();
                assertThat(run.awaitExit()).as("%s", run).isEqualTo(7);
            }
        }
    }

    /** C2. */
    @ParameterizedTest
    @EnumSource
    void code127OfAServerIsNoMissingProgram(Wrapper wrapper) {
        try (Child run = wrapper.start(locks, List.of("sh", "-c", "exit 127"))) {
            assertThat(run.awaitExit()).isEqualTo(127);
            assertThat(run.stderr()).isEmpty();
        }
    }

    /** D1, D3: what a server leaves in sessions of their own. tini leaves it running; dumb-init does not find it (#191). */
    @ParameterizedTest
    @EnumSource(names = "HOLDFAST")
    void sessionsOfTheirOwnEndWithTheServer(Wrapper wrapper) {
        String server = "$| = 1; for (1 .. 4) { next if fork; setsid; print \"up\\n\"; sleep 1000; exit }"
                + "print \"ready $$\\n\"; <STDIN>; exit 3";
        try (Child run = wrapper.start(locks, List.of("perl", "-MPOSIX", "-e", server))) {
            run.awaitServer();
            run.awaitOut("(?s)(up.*){4}");
            List<Long> tree = Processes.descendants(run.pid());
            run.closeStdin();
            assertThat(run.awaitExit()).isEqualTo(3);
            assertThat(tree).hasSize(5).noneMatch(Processes::isAlive);
        }
    }

    /** D2, D3 without setsid: a server's children in its own group get a TERM, too, when it ends by itself. */
    @ParameterizedTest
    @EnumSource(names = {"HOLDFAST", "DUMB_INIT"})
    void whatTheServerLeavesBehindGetsTheTermSignal(Wrapper wrapper) throws IOException {
        Path told = locks.resolve("told");
        String server =
                "$| = 1; my $child = fork; if (!$child) { $SIG{TERM} = sub { open F, '>', $ARGV[0]; print F 'TERM';"
                        + "close F; exit 0 }; print \"up\\n\"; sleep 1 while 1 } <STDIN>; exit 0";
        try (Child run = wrapper.start(locks, List.of("perl", "-e", server, told.toString()))) {
            run.awaitOut("up");
            run.noteTree();
            run.closeStdin();
            assertThat(run.awaitExit()).isZero();
            await().until(() -> Files.exists(told) && Files.size(told) == 4);
        }
    }

    /** C3, the server's side: what the caller has open gets to it as it is. */
    @ParameterizedTest
    @EnumSource
    void serverHasWhatItsCallerPassedOn(Wrapper wrapper) throws IOException {
        List<String> outer = List.of("sh", "-c", "exec 8</etc/passwd 9</etc/group; exec \"$@\"", "sh");
        try (Child run = wrapper.start(outer, locks, List.of("sh", "-c", "echo ready $$; exec sleep 1000"))) {
            long server = run.awaitServer();
            await().until(() ->
                    Files.readString(Path.of("/proc/" + server + "/comm")).equals("sleep\n"));
            try (Stream<Path> open = Files.list(Path.of("/proc/" + server + "/fd"))) {
                assertThat(open.map(fd -> fd.getFileName().toString()).sorted()).contains("0", "1", "2", "8", "9");
            }
        }
    }

    /** D15: the server has the caller's working directory. */
    @ParameterizedTest
    @EnumSource
    void serverHasTheCallersWorkingDirectory(Wrapper wrapper) throws IOException {
        Path folder = Files.createDirectory(locks.resolve("there"));
        ProcessBuilder builder = new ProcessBuilder(wrapper.below(List.of(), locks, List.of("pwd", "-P")));
        builder.directory(folder.toFile());
        try (Child run = Child.start(builder)) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stdout()).isEqualTo(folder.toRealPath() + "\n");
        }
    }
}
