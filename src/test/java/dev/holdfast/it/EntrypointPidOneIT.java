package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.Wrapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** As the first process of a container, and below one that is, with the kernel's rule that PID 1 has no default signals. */
@Timeout(180)
class EntrypointPidOneIT {
    /** Where the wrapper is PID 1. */
    static final List<String> NAMESPACE = List.of("unshare", "--pid", "--fork", "--mount-proc", "--kill-child");

    @TempDir
    Path locks;

    @BeforeEach
    void canMakeNamespaces() {
        needsNamespaces();
    }

    static void needsNamespaces() {
        List<String> words = new ArrayList<>(NAMESPACE);
        words.add("true");
        try (Child probe = Child.start(new ProcessBuilder(words))) {
            assumeTrue(probe.awaitExit() == 0, "needs pid namespaces of its own: " + probe.stderr());
        }
    }

    private Child holdfast(List<String> outer, String handOff, List<String> server) {
        List<String> words = new ArrayList<>(outer);
        words.addAll(Wrapper.HOLDFAST.words(locks, "--handoff", handOff));
        words.addAll(server);
        return Child.start(new ProcessBuilder(words));
    }

    /** As {@code docker run IMAGE} without more. */
    @Test
    void imageWithoutACommandTellsWhereTheCommandsGo() {
        String program = Launcher.executable().toString();
        for (List<String> entryPoint : List.of(
                List.of(program, "run", "--"), List.of("sh", "-c", "\"$@\"; exit $?", "init", program, "run", "--"))) {
            List<String> words = new ArrayList<>(NAMESPACE);
            words.addAll(entryPoint);
            try (Child run = Child.start(new ProcessBuilder(words))) {
                assertThat(run.awaitExit()).as("%s", run).isEqualTo(64);
                assertThat(run.stderr()).contains("no command to run", "docker run --entrypoint holdfast IMAGE status");
            }
        }
        try (Child run = Launcher.in(locks).command(List.of("run", "--"))) {
            assertThat(run.awaitExit()).isEqualTo(64);
            assertThat(run.stderr()).doesNotContain("docker");
        }
    }

    private static long child(Child run) {
        return Processes.children(run.pid()).get(0);
    }

    static Stream<Arguments> stops() {
        return Stream.of("supervise", "exec")
                .flatMap(handOff ->
                        Stream.of("TERM", "INT", "QUIT", "HUP").map(signal -> Arguments.of(handOff, signal)));
    }

    @ParameterizedTest
    @MethodSource("stops")
    void holdfastAsPidOneHonoursStopSignals(String handOff, String signal) {
        try (Child run = holdfast(NAMESPACE, handOff, Launcher.server("exit=6"))) {
            assertThat(run.awaitServer()).isEqualTo(handOff.equals("exec") ? 1 : run.awaitServer());
            Processes.signal(child(run), signal);
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(6);
            assertThat(run.stdout()).containsOnlyOnce("got " + signal);
        }
    }

    /** T6, D6, D7: a server that dies of the signal, and one that ends by itself. */
    @ParameterizedTest
    @EnumSource
    void codeOfTheServerIsTheNamespaces(Wrapper wrapper) {
        try (Child run = wrapper.start(NAMESPACE, locks, List.of("sh", "-c", "echo ready $$; exec sleep 1000"))) {
            run.awaitServer();
            Processes.signal(child(run), "TERM");
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(143);
        }
        try (Child run = wrapper.start(NAMESPACE, locks, List.of("sh", "-c", "exit 42"))) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(42);
        }
    }

    /** "init: true" and an image with a wrapper of its own: quiet, and every signal still arrives once. */
    @ParameterizedTest
    @EnumSource(names = {"TINI", "DUMB_INIT"})
    void holdfastWorksBelowAnotherWrapperThatIsPidOne(Wrapper outer) {
        List<String> words = outer.below(NAMESPACE, locks, List.of());
        try (Child run = holdfast(words, "supervise", Launcher.server("exit=6"))) {
            run.awaitServer();
            run.noteTree();
            Processes.signal(child(run), "TERM");
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(6);
            assertThat(run.stdout()).containsOnlyOnce("got TERM");
            assertThat(run.stderr().lines()).allMatch(line -> line.contains("] [INFO] ") || line.contains("] [WARN] "));
        }
    }

    /** And where the outer one is not PID 1. */
    @ParameterizedTest
    @ValueSource(strings = {"supervise", "exec"})
    void holdfastWorksBelowOthers(String handOff) {
        for (Wrapper outer : List.of(Wrapper.TINI, Wrapper.DUMB_INIT)) {
            try (Child run = holdfast(outer.words(locks), handOff, Launcher.server("exit=6"))) {
                run.awaitServer();
                run.signal("TERM");
                assertThat(run.awaitExit()).as("%s", run).isEqualTo(6);
                assertThat(run.stdout()).containsOnlyOnce("got TERM");
            }
        }
    }

    /** An entry point's server may itself be started by tini. */
    @ParameterizedTest
    @EnumSource(names = {"TINI", "DUMB_INIT"})
    void othersWorkBelowHoldfast(Wrapper inner) {
        List<String> server = inner.below(List.of(), locks, Launcher.server("exit=6"));
        try (Child run = Wrapper.HOLDFAST.start(NAMESPACE, locks, server)) {
            run.awaitServer();
            Processes.signal(child(run), "TERM");
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(6);
            assertThat(run.stdout()).containsOnlyOnce("got TERM");
        }
    }

    /** No default signals for PID 1 means that a server that became it by exec lives on; supervised, it ends. */
    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void superviseGivesPidOneItsDefaultSignals(String signal) {
        try (Child run = holdfast(NAMESPACE, "supervise", List.of("sh", "-c", "echo ready $$; exec sleep 1000"))) {
            run.awaitServer();
            Processes.signal(child(run), signal);
            assertThat(run.awaitExit()).isEqualTo(signal.equals("TERM") ? 143 : 130);
        }
        await().until(() -> Launcher.in(locks).leftovers().isEmpty());
    }
}
