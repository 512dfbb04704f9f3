package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.Wrapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Signals that pass a wrapper, by the same tests for ours and for others. */
@Timeout(180)
class EntrypointSignalsIT {
    /**
     * Without KILL and STOP, CHLD, what stops, what a process gets for its own faults, and, as they are a JVM's own, USR2's
     * stand-in STKFLT, XFSZ and 62.
     */
    private static final int[] FORWARDED = IntStream.concat(
                    IntStream.of(1, 2, 3, 10, 12, 13, 14, 15, 18, 23, 24, 26, 27, 28, 29, 30),
                    IntStream.rangeClosed(34, 64).filter(number -> number != 62))
            .toArray();

    @TempDir
    Path locks;

    /** Tells the number of each signal that can be had, in one write each. */
    private static List<String> listener() {
        return List.of(
                "perl",
                "-MPOSIX",
                "-e",
                "$| = 1; for my $n (1 .. 31, 34 .. 64) { next if $n == 9 || $n == 19 || $n == 17; "
                        + "POSIX::sigaction($n, POSIX::SigAction->new(sub { syswrite STDOUT, \"<$n>\\n\" })) }"
                        + "print \"ready $$\\n\"; select undef, undef, undef, 0.1 while 1");
    }

    /** D8, T6: one by one, since the kernel merges equal ones and sorts the others. */
    @ParameterizedTest
    @EnumSource
    void everySignalArrivesOnceAndInOrder(Wrapper wrapper) {
        try (Child run = wrapper.start(locks, listener())) {
            run.awaitServer();
            for (int number : FORWARDED) {
                run.signal(Integer.toString(number));
                run.awaitOut("<" + number + ">");
            }
            assertThat(run.stdout().lines().skip(1))
                    .containsExactlyElementsOf(IntStream.of(FORWARDED)
                            .mapToObj(number -> "<" + number + ">")
                            .toList());
        }
    }

    /** T6: with a program that does not handle it. */
    @ParameterizedTest
    @EnumSource
    void deathByAForwardedSignalIsTheShellsCode(Wrapper wrapper) {
        for (String signal : List.of("TERM", "USR1", "USR2")) {
            try (Child run = wrapper.start(locks, List.of("sh", "-c", "echo ready $$; exec sleep 1000"))) {
                run.awaitServer();
                run.signal(signal);
                int number = List.of("USR1", "USR2", "TERM").indexOf(signal);
                assertThat(run.awaitExit()).as("%s %s", signal, run).isEqualTo(128 + new int[] {10, 12, 15}[number]);
            }
        }
    }

    /** D9: a swapped pair, identity, the first and the last that can be had. */
    @Test
    void mapsMaySwapAndKeep() {
        List<String> words =
                Wrapper.HOLDFAST.words(locks, "--map-signal", "USR1=USR2,USR2=USR1", "--map-signal", "28=28,1=30,30=1");
        words.addAll(listener());
        try (Child run = Child.start(new ProcessBuilder(words))) {
            run.awaitServer();
            for (int[] pair : new int[][] {{10, 12}, {12, 10}, {28, 28}, {1, 30}, {30, 1}}) {
                run.signal(Integer.toString(pair[0]));
                run.awaitOut("<" + pair[1] + ">");
            }
            assertThat(run.stdout().lines().skip(1)).containsExactly("<12>", "<10>", "<28>", "<30>", "<1>");
        }
    }

    /** D10, D11: dropping one of those that would stop it leaves the others as they are. */
    @Test
    void mapsMayReplaceWhatWouldStopTheServer() {
        List<String> words = Wrapper.HOLDFAST.words(locks, "--map-signal", "WINCH=0,PWR=TERM,ALRM=TTOU");
        words.addAll(listener());
        try (Child run = Child.start(new ProcessBuilder(words))) {
            run.awaitServer();
            for (String signal : List.of("WINCH", "PWR", "ALRM")) {
                run.signal(signal);
                if (!signal.equals("WINCH")) {
                    run.awaitOut(signal.equals("PWR") ? "<15>" : "<22>");
                }
            }
            assertThat(run.stdout().lines().skip(1)).containsExactly("<15>", "<22>");
        }
    }

    /** S16: those that are pending at once all arrive, and equal ones are one. */
    @Test
    void signalsThatComeAtOnceAllArrive() {
        try (Child run = Wrapper.HOLDFAST.start(locks, listener())) {
            run.awaitServer();
            Processes.stop(run.pid());
            for (String signal : List.of("USR1", "USR2", "WINCH", "USR1", "40", "40", "40")) {
                run.signal(signal);
            }
            run.signal("CONT");
            run.awaitOut("(?s)(<40>.*){3}");
            List<String> arrived = new ArrayList<>(run.stdout().lines().skip(1).toList());
            arrived.remove("<18>");
            assertThat(arrived).containsExactlyInAnyOrder("<10>", "<12>", "<28>", "<40>", "<40>", "<40>");
        }
    }

    /** A server of the kit, once more: its own words for a stop that came more than once. */
    @ParameterizedTest
    @EnumSource
    void secondStopSignalArrivesToo(Wrapper wrapper) {
        try (Child run = wrapper.start(locks, Launcher.server("ignore=TERM", "exit=6"))) {
            run.awaitServer();
            run.signal("TERM");
            run.awaitOut("got TERM");
            run.signal("INT");
            assertThat(run.awaitExit()).isEqualTo(6);
        }
    }
}
