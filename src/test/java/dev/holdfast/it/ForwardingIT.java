package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which signal reaches whom, what means a stop, and what ends with the server. */
@Timeout(180)
class ForwardingIT {
    @TempDir
    Path locks;

    private Child run(List<String> options, String... server) {
        return Launcher.in(locks).run(options, Launcher.server(server));
    }

    @Test
    void hangUpReloadsWhenItIsToldTo() {
        try (Child run = run(List.of("--reload-on-hup"), "ignore=HUP")) {
            run.awaitServer();
            run.signal("HUP");
            run.awaitOut("got HUP");
            run.signal("TERM");
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stderr()).contains("reason=SIGTERM").doesNotContain("reason=SIGHUP");
        }
    }

    /** dumb-init's rewriting (D9). */
    @Test
    void rewrittenStopSignalIsNoStop() {
        try (Child run = run(List.of("--map-signal", "HUP=USR1,QUIT=USR2", "--map-signal", "15=INT"))) {
            run.awaitServer();
            run.signal("HUP");
            run.awaitOut("got USR1");
            run.signal("QUIT");
            run.awaitOut("got USR2");
            assertThat(run.stderr()).isEmpty();
            run.signal("TERM");
            assertThat(run.awaitExit()).isZero();
            assertThat(run.stdout()).contains("got INT").doesNotContain("got TERM", "got HUP", "got QUIT");
        }
    }

    /** dumb-init's rewriting to 0 (D10): dropped, and later signals still pass. */
    @Test
    void droppedSignalNeverArrives() {
        try (Child run = run(List.of("--map-signal", "INT=0", "--map-signal", "USR1=0"))) {
            run.awaitServer();
            run.signal("INT");
            run.signal("USR1");
            run.signal("USR2");
            run.awaitOut("got USR2");
            assertThat(run.stdout()).doesNotContain("got INT", "got USR1");
            run.signal("TERM");
            assertThat(run.awaitExit()).isZero();
        }
    }

    /** D11: a signal of job control that is rewritten stops nothing. */
    @Test
    void keyThatWouldSuspendCanMeanSomethingElse() {
        try (Child run = run(List.of("--map-signal", "TSTP=USR1,TTIN=USR2,TTOU=0"))) {
            long server = run.awaitServer();
            run.signal("TTOU");
            run.signal("TSTP");
            run.awaitOut("got USR1");
            run.signal("TTIN");
            run.awaitOut("got USR2");
            assertThat(Processes.stat(server).orElseThrow()[0]).isNotEqualTo("T");
            run.signal("TERM");
            assertThat(run.awaitExit()).isZero();
        }
    }

    /** tini's -g (T7): the server's group gets it, a session of its own does not; and the whole tree does. */
    @Test
    void groupAndTreeGetWhatTheyAreTold() {
        String worker = "trap 'echo worker' USR1; echo up; while :; do sleep 0.05; done";
        List<String> server = List.of(
                "sh",
                "-c",
                "trap 'echo parent' USR1; sh -c \"$1\" & setsid sh -c \"$1\" & while :; do wait; done",
                "sh",
                worker);
        try (Child run = Launcher.in(locks).run(List.of("--forward", "group"), server)) {
            run.awaitOut("up\nup");
            run.signal("USR1");
            run.awaitOut("worker");
            run.awaitOut("parent");
            assertThat(run.stdout().split("worker", -1)).hasSize(2);
        }
        try (Child run = Launcher.in(locks).run(List.of("--forward", "tree", "--name", "tree"), server)) {
            run.awaitOut("up\nup");
            run.signal("USR1");
            run.awaitOut("(?s)worker.*worker");
            run.awaitOut("parent");
        }
    }

    @Test
    void killModeChildLeavesTheOthersAndFreesTheLock() {
        try (Child run = run(List.of("--kill-mode", "child"), "child", "setsid")) {
            long server = run.awaitServer();
            List<Long> tree = Processes.descendants(run.pid());
            run.noteTree();
            run.signal("TERM");
            assertThat(run.awaitExit()).isZero();
            assertThat(Processes.isAlive(server)).isFalse();
            assertThat(tree).hasSize(3).filteredOn(Processes::isAlive).hasSize(2);
            try (Child next = run(List.of(), "code=5")) {
                assertThat(next.awaitExit()).as("%s", next).isEqualTo(5);
            }
        }
    }

    @Test
    void killModeGroupLeavesWhatHasASessionOfItsOwn() {
        try (Child run = run(List.of("--kill-mode", "group", "--grace", "1s"), "child", "setsid")) {
            run.awaitServer();
            List<Long> tree = Processes.descendants(run.pid());
            run.noteTree();
            run.signal("TERM");
            assertThat(run.awaitExit()).isZero();
            assertThat(tree).hasSize(3).filteredOn(Processes::isAlive).hasSize(1);
        }
    }

    /** tini's -e (T1). */
    @Test
    void exitCodesAreMapped() {
        try (Child run = run(List.of("--map-exit", "143=0,7=8"), "code=7")) {
            assertThat(run.awaitExit()).isEqualTo(8);
        }
        try (Child run = Launcher.in(locks).run(List.of("--map-exit", "143=0"), List.of("sleep", "100"))) {
            Launcher.in(locks).awaitRecordedServer("orders");
            run.signal("TERM");
            assertThat(run.awaitExit()).as("%s", run).isZero();
        }
    }

    @Test
    void badMapsAreUsageErrors() {
        for (String bad : List.of("HUP", "HUP=", "=HUP", "HUP=FOO", "KILL=TERM", "HUP=USR1,", "CHLD=0")) {
            try (Child run = run(List.of("--map-signal", bad))) {
                assertThat(run.awaitExit()).as(bad).isEqualTo(64);
                assertThat(run.stderr()).contains("must be pairs such as HUP=USR1");
            }
        }
    }
}
