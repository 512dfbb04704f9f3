package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever floods the launcher, it acts on a TERM and the stop ends in its time: each source of the loop gets a share. */
@Timeout(180)
@Tag("alone")
class FloodIT {
    /** Well below the half minute that one line once took. The grace is 300 ms; the rest is for a machine that is flooded, too. */
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path locks;

    private void assertStopsUnder(Child run, List<Child> flood) {
        try {
            run.signal("TERM");
            assertThat(run.endsWithin(SOON)).as("%s", run).isTrue();
        } finally {
            flood.forEach(Child::close);
        }
    }

    private static Child perl(String program, Object... arguments) {
        List<String> words = new ArrayList<>(List.of("perl", "-MSocket", "-e", program));
        for (Object argument : arguments) {
            words.add(String.valueOf(argument));
        }
        Child child = Child.start(new ProcessBuilder(words));
        child.awaitOut("flooding");
        return child;
    }

    @Test
    void signalsFromThreeSenders() {
        try (Child run = Launcher.in(locks)
                .run(
                        List.of("--grace", "300ms"),
                        List.of(
                                "perl",
                                "-e",
                                "$SIG{$_} = 'IGNORE' for keys %SIG; $| = 1; print \"ready $$\\n\"; sleep 1 while 1"))) {
            run.awaitServer();
            List<Child> flood = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                flood.add(perl("$| = 1; print \"flooding\\n\"; while (kill 40 + $ARGV[1], $ARGV[0]) {}", run.pid(), i));
            }
            assertStopsUnder(run, flood);
        }
    }

    @Test
    void notificationsWithoutEnd() {
        String server = "$SIG{TERM} = 'IGNORE'; $| = 1; my $a = $ENV{NOTIFY_SOCKET}; $a =~ s/^@/\\0/;"
                + " socket(my $s, AF_UNIX, SOCK_DGRAM, 0) or die $!; print \"ready $$\\n\";"
                + " for (1..3) { last unless fork } send($s, 'STATUS=' . rand, 0, pack_sockaddr_un($a)) while 1";
        try (Child run =
                Launcher.in(locks).run(List.of("--grace", "300ms"), List.of("perl", "-MSocket", "-e", server))) {
            run.awaitServer();
            assertStopsUnder(run, List.of());
        }
    }

    /** Each of these took the JDK's expressions half a minute for a line, or all of the stack. */
    @ParameterizedTest
    @ValueSource(strings = {"(.*a){12}$", "(a|b)*c", "(a+)+$", "(x+x+)+y"})
    void outputThatIsHardToMatch(String pattern) {
        String server =
                "$SIG{TERM} = 'IGNORE'; $| = 1; print STDOUT \"started\\n\"; print STDERR 'a' x 80, \"!\\n\"; my $l = 'ab' x 4000;"
                        + " while (1) { print STDERR 'a' x 200, \"!\\n\", 'x' x 500, \"\\n\", $l, \"\\n\"; select undef, undef, undef, 0.001 }";
        Path errors = locks.resolve("errors");
        List<String> options = List.of("--grace", "300ms", "--ready-log", pattern, "--lock-dir", locks.toString());
        try (Child run = Launcher.in(locks).run(options, List.of("perl", "-e", server))) {
            run.awaitErr("!");
            assertStopsUnder(run, List.of());
            assertThat(run.stderr()).doesNotContain("internal error");
            assertThat(errors).doesNotExist();
        }
    }

    @Test
    void connectionsToTheControlSocket() {
        try (Child run = Launcher.in(locks).run(List.of("--grace", "300ms"), Launcher.server("ignore=TERM"))) {
            run.awaitServer();
            Path socket = locks.resolve("orders.sock");
            org.awaitility.Awaitility.await().until(() -> Files.exists(socket));
            List<Child> flood = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                flood.add(perl(
                        "$| = 1; print \"flooding\\n\"; $SIG{PIPE} = 'IGNORE'; while (-e $ARGV[0]) {"
                                + " socket(my $s, AF_UNIX, SOCK_STREAM, 0) or die; connect($s, pack_sockaddr_un($ARGV[0])) or next;"
                                + " syswrite $s, 'x' x 600 }",
                        socket));
            }
            assertStopsUnder(run, flood);
        }
    }

    @Test
    void childrenThatEndAsFastAsTheyAreReaped() {
        String storm =
                "(trap '' TERM; while :; do (:) & done) & (trap '' TERM; while :; do (:) & done) & trap '' TERM; echo ready $$; while :; do sleep 1; done";
        try (Child run = Launcher.in(locks).run(List.of("--grace", "300ms"), List.of("sh", "-c", storm))) {
            run.awaitServer();
            assertStopsUnder(run, List.of());
        }
    }

    /** A start that waits for another instance hears its stop request, too. */
    @Test
    void signalsToAStartThatWaits() {
        try (Child first = Launcher.in(locks).run(List.of(), Launcher.server());
                Child waiter = waiting(first)) {
            List<Child> flood = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                flood.add(perl(
                        "$| = 1; print \"flooding\\n\"; while (kill 40 + $ARGV[1], $ARGV[0]) {}", waiter.pid(), i));
            }
            assertStopsUnder(waiter, flood);
            first.signal("TERM");
            first.awaitExit();
        }
    }

    private Child waiting(Child first) {
        first.awaitServer();
        Child waiter = Launcher.in(locks).run(List.of("--on-conflict", "wait"), List.of("true"));
        waiter.awaitErr("waiting for");
        return waiter;
    }

    @Test
    void expressionThatIsNoneOfRe2sIsRefused() throws IOException {
        for (String pattern : List.of("(?=ready)", "(a)\\1", "a++", "(((a{100}){100}){10})")) {
            try (Child run = Launcher.in(locks).run(List.of("--ready-log", pattern), List.of("true"))) {
                assertThat(run.awaitExit()).as("%s", run).isEqualTo(64);
                assertThat(run.stderr())
                        .contains("--ready-log", "regular expression")
                        .doesNotContain("\tat ");
            }
        }
        assertThat(locks).isEmptyDirectory();
    }
}
