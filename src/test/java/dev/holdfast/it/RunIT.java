package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.ForEachJava;
import dev.holdfast.testkit.Launcher;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs and ends servers as if the launcher were not there. */
@Timeout(180)
class RunIT {
    @TempDir
    Path locks;

    @Test
    void serversExitCodeIsPassedOnAndNothingIsLeft() {
        Launcher launcher = Launcher.in(locks);
        try (Child run = launcher.run(List.of(), Launcher.server("code=42"))) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(42);
            assertThat(run.stderr()).isEmpty();
            assertThat(launcher.leftovers()).isEmpty();
        }
    }

    /** What a JVM does to its own process must not reach the server: limits, core dumps, and the rest of the process. */
    @ForEachJava
    void serverInheritsWhatTheCallerHadAndNothingOfTheJvms(Path java) {
        String look =
                "cat /proc/self/limits; for f in coredump_filter oom_score_adj timerslack_ns personality cgroup; do"
                        + " cat /proc/self/$f; done; grep -E '^(Cap|Seccomp|NoNewPrivs|Groups|Uid|Gid|Umask|Sig(Blk|Cgt)|Cpus|THP|Spec)'"
                        + " /proc/self/status; pwd; env | grep -vE '^(HOLDFAST_|NOTIFY_SOCKET=|_=)' | sort";
        String limited = "ulimit -Sn 512; umask 027; exec \"$@\"";
        ProcessBuilder direct = new ProcessBuilder("sh", "-c", limited, "sh", "sh", "-c", look);
        List<String> words = new ArrayList<>(
                List.of("sh", "-c", limited, "sh", Launcher.executable().toString()));
        words.addAll(List.of("run", "--lock-dir", locks.toString(), "--", "sh", "-c", look));
        ProcessBuilder guarded = new ProcessBuilder(words);
        direct.environment().put("JAVA_HOME", java.toString());
        guarded.environment().put("JAVA_HOME", java.toString());
        try (Child expected = Child.start(direct);
                Child actual = Child.start(guarded)) {
            assertThat(expected.awaitExit()).isZero();
            assertThat(actual.awaitExit()).as("%s", actual).isZero();
            assertThat(actual.stdout()).isEqualTo(expected.stdout());
        }
    }

    @Test
    void secondStartIsRefused() {
        Launcher launcher = Launcher.in(locks);
        try (Child first = launcher.run(List.of(), Launcher.server())) {
            long server = first.awaitServer();
            try (Child second = launcher.run(List.of(), Launcher.server())) {
                assertThat(second.awaitExit()).as("%s", second).isEqualTo(75);
                assertThat(second.stdout()).isEmpty();
                assertThat(second.stderr())
                        .startsWith("holdfast: another instance of \"orders\" is already running: pid " + first.pid());
            }
            assertThat(dev.holdfast.testkit.Processes.isAlive(server)).isTrue();
            first.signal("TERM");
            assertThat(first.awaitExit()).isZero();
        }
    }
}
