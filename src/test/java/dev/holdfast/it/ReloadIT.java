package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Box;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.EmbeddedServer;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A reload is no way to end a server: not one without a handler for HUP, and not unseen one whose handler ends it. */
@Timeout(180)
class ReloadIT {
    private static final int REFUSED = 75;
    private static final int ENDED = 69;
    private static final String WAIT = "; echo ready $$; while :; do sleep 0.05; done";
    private static final List<String> WITHOUT_HANDLER = List.of("sh", "-c", "trap : USR2" + WAIT);
    private static final List<String> DEAF = List.of("sh", "-c", "trap '' HUP" + WAIT);
    private static final List<String> WITH_HANDLER = List.of("sh", "-c", "trap 'echo got HUP' HUP" + WAIT);
    /** As Go programs and JVMs are. */
    private static final List<String> ENDS = List.of("sh", "-c", "trap 'exit 3' HUP" + WAIT);

    @TempDir
    Path folder;

    private Launcher launcher;

    @BeforeEach
    void make() {
        launcher = Launcher.in(folder);
    }

    private Child reload() {
        return launcher.command(List.of("reload", "orders", "--lock-dir", folder.toString()));
    }

    /** Until it can be asked: one that becomes its server has no socket. */
    private long awaitServer(Child run, String handOff) {
        long server = run.awaitServer();
        if (handOff.equals("supervise")) {
            launcher.awaitSocket("orders");
        }
        return server;
    }

    private void assertRefused(Child reload, String why) {
        assertThat(reload.awaitExit()).as("%s", reload).isEqualTo(REFUSED);
        assertThat(reload.stderr())
                .startsWith("holdfast: cannot reload \"orders\": " + why)
                .contains("what now");
        assertThat(reload.stdout()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"supervise", "exec"})
    void serverWithoutAHandlerIsNotTold(String handOff) {
        try (Child run = launcher.run(List.of("--handoff", handOff), WITHOUT_HANDLER)) {
            long server = awaitServer(run, handOff);
            try (Child reload = reload()) {
                assertRefused(reload, "no handler for SIGHUP: the server would die of it");
            }
            assertThat(Processes.isAlive(server)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"supervise", "exec"})
    void serverThatIgnoresItIsNotSaidToHaveReloaded(String handOff) {
        try (Child run = launcher.run(List.of("--handoff", handOff), DEAF)) {
            awaitServer(run, handOff);
            try (Child reload = reload()) {
                assertRefused(reload, "the server ignores SIGHUP");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"supervise", "exec"})
    void serverWithAHandlerIsTold(String handOff) {
        try (Child run = launcher.run(List.of("--handoff", handOff), WITH_HANDLER)) {
            long server = awaitServer(run, handOff);
            try (Child reload = reload()) {
                assertThat(reload.awaitExit()).as("%s", reload).isZero();
                assertThat(reload.stdout()).isEqualTo("orders: told to reload, server pid " + server + "\n");
            }
            run.awaitOut("got HUP");
        }
    }

    /** As named and many with a thread for signals do: while it waits, the kernel says that they are not blocked. */
    @ParameterizedTest
    @ValueSource(strings = {"supervise", "exec"})
    void serverThatWaitsForSignalsIsTold(String handOff) {
        Programs.require("python3");
        String program = """
                import os, signal
                asked = {signal.SIGHUP, signal.SIGTERM}
                signal.pthread_sigmask(signal.SIG_BLOCK, asked)
                print('ready', os.getpid(), flush=True)
                while signal.sigwait(asked) == signal.SIGHUP: print('got HUP', flush=True)
                """;
        try (Child run = launcher.run(List.of("--handoff", handOff), List.of("python3", "-c", program))) {
            awaitServer(run, handOff);
            for (int times = 0; times < 2; times++) {
                try (Child reload = reload()) {
                    assertThat(reload.awaitExit()).as("%s", reload).isZero();
                }
            }
            run.awaitOut("got HUP\\s+got HUP");
            run.signal("TERM");
            assertThat(run.awaitExit()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"supervise", "exec"})
    void serverThatEndsOfItIsTold(String handOff) {
        try (Child run = launcher.run(List.of("--handoff", handOff), ENDS)) {
            long server = awaitServer(run, handOff);
            try (Child reload = reload()) {
                assertThat(reload.awaitExit()).as("%s", reload).isEqualTo(ENDED);
                assertThat(reload.stderr()).contains("told to reload, and its server, pid " + server + ", ended");
            }
            assertThat(run.awaitExit()).isEqualTo(3);
        }
    }

    /** The instance lives on, and the operator has to know that the server does not. */
    @Test
    void serverThatIsStartedAgainAfterItIsToldToo() {
        try (Child run = launcher.run(List.of("--restart", "always", "--restart-delay", "10ms"), ENDS)) {
            long server = awaitServer(run, "supervise");
            try (Child reload = reload()) {
                assertThat(reload.awaitExit()).as("%s", reload).isEqualTo(ENDED);
                assertThat(reload.stderr()).contains("its server, pid " + server + ", ended");
            }
            await().until(() -> run.stdout().lines().count() == 2);
        }
    }

    /** What HUP is mapped to counts, in both directions. */
    @Test
    void handlerOfTheMappedSignalCounts() {
        try (Child run = launcher.run(List.of("--map-signal", "HUP=USR1"), WITH_HANDLER)) {
            awaitServer(run, "supervise");
            try (Child reload = reload()) {
                assertRefused(reload, "no handler for SIGUSR1: the server would die of it");
            }
        }
        try (Child run = launcher.run(List.of("--map-signal", "HUP=USR2"), WITHOUT_HANDLER)) {
            awaitServer(run, "supervise");
            try (Child reload = reload()) {
                assertThat(reload.awaitExit()).as("%s", reload).isZero();
            }
        }
    }

    /** The private signal says nothing back, and the launcher refuses by itself. */
    @Test
    void launcherRefusesAlsoWhereItHasNoSocket() throws IOException {
        try (Child run = launcher.run(List.of(), WITHOUT_HANDLER)) {
            long server = run.awaitServer();
            await().until(() -> Files.exists(folder.resolve("orders.sock")));
            Files.delete(folder.resolve("orders.sock"));
            try (Child reload = reload()) {
                assertThat(reload.awaitExit()).as("%s", reload).isZero();
                assertThat(reload.stdout())
                        .isEqualTo("orders: its launcher was asked to reload it, and gave no answer: its log tells"
                                + " whether the server, pid " + server + ", was told\n");
            }
            run.awaitErr("\"orders\" was not told to reload: no handler for SIGHUP");
            assertThat(Processes.isAlive(server)).isTrue();
        }
    }

    @Test
    void embeddedServerIsNotShutDown() {
        try (Child server = Child.start(EmbeddedServer.in(folder))) {
            long pid = server.awaitServer();
            try (Child reload = reload()) {
                assertRefused(reload, "it guards itself by the library");
            }
            assertThat(Processes.isAlive(pid)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"without", "ends", "handler"})
    void socketOfAnotherContainerSaysTheSame(String kind) {
        Box one = Box.named("one");
        Box two = Box.named("two");
        List<String> server = kind.equals("without") ? WITHOUT_HANDLER : kind.equals("ends") ? ENDS : WITH_HANDLER;
        try (Child run = one.run(launcher, List.of(), server)) {
            run.awaitServer();
            await().until(() -> Files.exists(folder.resolve("orders.sock")));
            try (Child reload = two.holdfast(launcher, List.of("reload", "orders", "--lock-dir", folder.toString()))) {
                switch (kind) {
                    case "without" -> {
                        assertRefused(reload, "no handler for SIGHUP: the server would die of it");
                        assertThat(run.isAlive()).isTrue();
                    }
                    case "ends" -> {
                        assertThat(reload.awaitExit()).as("%s", reload).isEqualTo(ENDED);
                        assertThat(run.awaitExit()).isEqualTo(3);
                    }
                    default -> {
                        assertThat(reload.awaitExit()).as("%s", reload).isZero();
                        run.awaitOut("got HUP");
                    }
                }
            }
        }
    }

    /** A shell's background job ignores INT, and so does what it starts. */
    @Test
    void stopSignalThatTheServerIgnoresIsNamed() {
        List<String> server = List.of("sh", "-c", "trap '' INT" + WAIT);
        try (Child run = launcher.run(List.of("--stop-signal", "INT", "--grace", "300ms"), server)) {
            run.awaitServer();
            run.signal("TERM");
            assertThat(run.awaitExit()).isEqualTo(137);
            assertThat(run.stderr()).contains("\"orders\" neither catches SIGINT nor dies of it");
        }
    }

    @Test
    void stopSignalThatTheServerCatchesOrDiesOfIsNotRemarkedOn() {
        for (List<String> server : List.of(WITH_HANDLER, WITHOUT_HANDLER)) {
            try (Child run = launcher.run(List.of("--stop-signal", "HUP", "--grace", "300ms"), server)) {
                run.awaitServer();
                run.signal("TERM");
                run.awaitExit();
                assertThat(run.stderr()).doesNotContain("neither catches");
            }
        }
    }
}
