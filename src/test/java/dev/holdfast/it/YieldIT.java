package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Box;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.EmbeddedServer;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.Referee;
import dev.holdfast.testkit.SocketClient;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Promises 1 and 3 between containers that share the lock folder, where a pid says nothing: the holder is named, asked by
 * its control socket, and never signalled.
 */
@Timeout(180)
class YieldIT {
    private static final int CONFLICT = 75;

    @TempDir
    Path locks;

    private Launcher launcher;
    private Box one;
    private Box two;

    @BeforeEach
    void boxes() {
        launcher = Launcher.in(locks);
        one = Box.named("one");
        two = Box.named("two");
    }

    private Path socket() {
        return locks.resolve("orders.sock");
    }

    private Child holder(List<String> options, String... server) {
        Child holder = one.run(launcher, options, Launcher.server(server));
        holder.awaitServer();
        await().until(() -> Files.exists(socket()));
        return holder;
    }

    private Child command(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("orders", "--lock-dir", locks.toString()));
        return two.holdfast(launcher, all);
    }

    @Test
    void statusAsksTheHolderAndNamesItsHost() {
        try (Child holder = holder(List.of());
                Child status = command("status");
                Child json = command("status", "--json")) {
            assertThat(status.awaitExit()).as("%s", status).isZero();
            assertThat(status.stdout())
                    .startsWith("orders: running, pid 1 (server ")
                    .contains("on host \"one\"", "its launcher answers");
            assertThat(json.awaitExit()).as("%s", json).isZero();
            assertThat(json.stdout()).contains("\"verdict\":\"running\"", "\"host\":\"one\"", "\"holders\":[]");
            assertThat(holder.isAlive()).isTrue();
        }
    }

    @Test
    void refusalNamesTheHoldersHostAndWhatCanBeDone() {
        try (Child holder = holder(List.of());
                Child second = two.run(launcher, List.of(), List.of("echo", "ran"))) {
            assertThat(second.awaitExit()).as("%s", second).isEqualTo(CONFLICT);
            assertThat(second.stdout()).isEmpty();
            assertThat(second.stderr())
                    .contains("already running: pid 1 on host \"one\"", "FORCE_TERMINATE=true", "holdfast stop");
            assertThat(holder.isAlive()).isTrue();
        }
    }

    @Test
    void forcedStartIsYieldedToAndTheHolderIsNotStartedAgain() throws IOException {
        try (Child holder = holder(List.of("--restart", "always"), "exit=3")) {
            try (Child second = two.run(launcher, List.of("--force"), Launcher.server())) {
                second.awaitServer();
                assertThat(holder.awaitExit()).as("%s", holder).isEqualTo(3);
                assertThat(holder.stdout()).containsOnlyOnce("got TERM");
                assertThat(holder.stderr()).contains("signal=SIGTERM", "reason=yield from=two/1 uid=0");
                second.awaitErr("asking \"orders\" to yield host=one pid=1");
                // The turn to take over was given back: a third start may have it.
                await().ignoreExceptions()
                        .until(() -> SocketClient.ask(socket(), "{\"holdfast\":1,\"request\":\"status\"}")
                                .contains("\"host\":\"two\""));
                try (Child third = one.run(launcher, List.of("--force"), List.of("echo", "third"))) {
                    assertThat(third.awaitExit()).as("%s", third).isZero();
                    assertThat(third.stdout()).isEqualTo("third\n");
                }
                second.awaitExit();
            }
        }
        assertThat(launcher.leftovers()).isEmpty();
    }

    /** What waits in the backlog of the first one is served by the second one, in another container. */
    @Test
    void forcedStartGetsTheListeningSocketsOfTheHolder() throws IOException {
        Path path = locks.resolve("web.sock");
        List<String> listener = List.of("perl", Launcher.resource("listener.pl").toString());
        try (Child holder = holder(List.of("--listen", path.toString()));
                SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path));
                Child second = two.run(launcher, List.of("--force", "--listen", path.toString()), listener)) {
            second.awaitOut("listening");
            client.write(ByteBuffer.wrap("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer answer = ByteBuffer.allocate(100);
            assertThat(client.read(answer)).as("%s", holder).isGreaterThan(10);
            assertThat(holder.awaitExit()).as("%s", holder).isNotNegative();
            assertThat(holder.stderr()).contains("handing over 1 listening sockets reason=sockets from=two/1");
            assertThat(path).exists();
        }
    }

    /** Its file stays then, and with it the turn to take over, which the second start has had. */
    @Test
    void holderThatIsKilledWhileItYieldsLeavesTheTurnToOthers() throws IOException {
        try (Child holder = holder(List.of("--grace", "1h"), "ignore=TERM");
                Child second = two.run(launcher, List.of("--force"), Launcher.server())) {
            holder.awaitOut("got TERM");
            Processes.signal(Box.pidOne(holder), "KILL");
            second.awaitServer();
            // The dead socket of the first one is there until then.
            await().ignoreExceptions()
                    .until(() -> SocketClient.ask(socket(), "{\"holdfast\":1,\"request\":\"status\"}")
                            .contains("\"host\":\"two\""));
            try (Child third = one.run(launcher, List.of("--force"), List.of("echo", "third"))) {
                assertThat(third.awaitExit()).as("%s", third).isZero();
                assertThat(third.stdout()).isEqualTo("third\n");
            }
            assertThat(second.awaitExit()).as("%s", second).isZero();
        }
        assertThat(launcher.leftovers()).isEmpty();
    }

    @Test
    void holderInABackOffYieldsAtOnce() {
        List<String> options = List.of("--restart", "always", "--restart-delay", "1h", "--restart-max-delay", "1h");
        try (Child holder = one.run(launcher, options, Launcher.server("code=5"))) {
            await().until(() -> Files.exists(socket()));
            try (Child second = two.run(launcher, List.of("--force"), List.of("echo", "ran"))) {
                assertThat(second.awaitExit()).as("%s", second).isZero();
                assertThat(holder.awaitExit()).as("%s", holder).isEqualTo(143);
            }
        }
        assertThat(launcher.leftovers()).isEmpty();
    }

    @Test
    void stubbornServerIsKilledByItsOwnLauncherAfterTheGrace() {
        try (Child holder = holder(List.of("--grace", "300ms"), "ignore=TERM", "child");
                Child second = two.run(launcher, List.of("--force"), List.of("echo", "ran"))) {
            assertThat(second.awaitExit()).as("%s", second).isZero();
            assertThat(second.stdout()).isEqualTo("ran\n");
            assertThat(holder.awaitExit()).as("%s", holder).isEqualTo(137);
        }
        assertThat(launcher.leftovers()).isEmpty();
    }

    @Test
    void holderThatDoesNotAnswerIsRefusedInTimeAndDoesNotYieldLater() throws IOException {
        try (Child holder = holder(List.of("--grace", "1s"))) {
            long pidOne = Box.pidOne(holder);
            Processes.signal(pidOne, "STOP");
            try (Child second = two.run(launcher, List.of("--force"), List.of("echo", "ran"));
                    Child stop = command("stop");
                    Child status = command("status")) {
                assertThat(second.awaitExit()).as("%s", second).isEqualTo(CONFLICT);
                assertThat(stop.awaitExit()).as("%s", stop).isEqualTo(CONFLICT);
                assertThat(status.awaitExit()).as("%s", status).isEqualTo(4);
                assertThat(second.stdout()).isEmpty();
                assertThat(second.stderr())
                        .contains("on host \"one\"", "not forced it was asked to yield, and there was no answer by ");
                assertThat(stop.stderr()).contains("not ended  there was no answer by ");
            }
            Processes.signal(pidOne, "CONT");
            // Answered after the requests that waited with it.
            assertThat(SocketClient.ask(socket(), "{\"holdfast\":1,\"request\":\"status\"}"))
                    .contains("\"state\":\"running\"");
            assertThat(holder.stdout()).doesNotContain("got TERM");
            assertThat(holder.isAlive()).isTrue();
        }
    }

    @Test
    void stopEndsTheHolderByItsSocketAndLeavesNothing() {
        try (Child holder = holder(List.of("--grace", "1h"), "ignore=TERM");
                Child stop = command("stop", "--grace", "300ms")) {
            assertThat(stop.awaitExit()).as("%s", stop).isZero();
            assertThat(stop.stdout()).isEqualTo("orders: stopped\n");
            assertThat(holder.awaitExit()).as("%s", holder).isEqualTo(137);
            assertThat(holder.stderr()).contains("grace=300ms reason=stop from=two/1 uid=0");
        }
        assertThat(launcher.leftovers()).isEmpty();
    }

    @Test
    void restartByTheSocketKeepsTheInstanceAndItsSocket() throws IOException {
        try (Child holder = holder(List.of(), "ignore=HUP")) {
            Object file = Files.getAttribute(socket(), "unix:ino");
            try (Child restart = command("restart")) {
                assertThat(restart.awaitExit()).as("%s", restart).isZero();
                assertThat(restart.stdout()).startsWith("orders: restarted, server pid ");
            }
            holder.awaitErr("reason=restart from=two/1 uid=0");
            assertThat(Files.getAttribute(socket(), "unix:ino")).isEqualTo(file);
            try (Child reload = command("reload")) {
                assertThat(reload.awaitExit()).as("%s", reload).isZero();
            }
            holder.awaitOut("got HUP");
        }
    }

    @Test
    void launcherThatBecameTheServerIsRefusedAtOnce() {
        try (Child holder = one.run(launcher, List.of("--handoff", "exec"), Launcher.server())) {
            holder.awaitServer();
            try (Child second = two.run(launcher, List.of("--force"), List.of("echo", "ran"))) {
                assertThat(second.awaitExit()).as("%s", second).isEqualTo(CONFLICT);
                assertThat(second.stderr()).contains("without a launcher (--handoff exec)");
            }
            assertThat(launcher.leftovers()).containsExactly(".orders.lock.held", "orders.lock");
            assertThat(holder.stdout()).doesNotContain("got ");
        }
    }

    /** The same refusal for users of the library, who have no flags. */
    @Test
    void libraryIsRefusedWithoutAWordOfFlags() {
        try (Child holder = one.run(launcher, List.of("--handoff", "exec"), Launcher.server())) {
            holder.awaitServer();
            try (Child second = two.start(EmbeddedServer.in(locks, "takeover"))) {
                assertThat(second.awaitExit()).as("%s", second).isEqualTo(CONFLICT);
                assertThat(second.stderr())
                        .contains("it runs without a launcher, so there is nobody to be asked to yield")
                        .doesNotContain("--handoff");
            }
        }
    }

    @Test
    void yieldIsNeverAppliedToASuccessor() throws IOException {
        try (Child holder = holder(List.of())) {
            for (String whose : List.of("", ",\"instanceId\":\"1-00000000\"", ",\"instanceId\":1")) {
                assertThat(SocketClient.ask(socket(), "{\"holdfast\":1,\"request\":\"yield\"" + whose + "}"))
                        .contains("\"error\":");
            }
            assertThat(SocketClient.ask(socket(), "{\"holdfast\":1,\"request\":\"status\"}"))
                    .contains("\"state\":\"running\"");
            assertThat(holder.stdout()).doesNotContain("got ");
        }
    }

    @Test
    void startInsideOfTheInstanceIsRefused() {
        String inner = String.join(
                " ",
                List.of(
                        "unshare --pid --fork --kill-child --mount-proc",
                        Launcher.executable().toString(),
                        "run --force --lock-file \"$HOLDFAST_LOCK_FILE\" --name orders -- echo inner; echo code=$?"));
        try (Child holder = one.run(launcher, List.of(), List.of("sh", "-c", inner))) {
            assertThat(holder.awaitExit()).as("%s", holder).isZero();
            assertThat(holder.stdout()).isEqualTo("code=75\n");
            assertThat(holder.stderr()).contains("this start runs inside \"orders\" itself");
        }
    }

    @Test
    void forcedStartsAtOneInstantEndWithOneServer() throws IOException {
        try (Referee referee = Referee.start(locks)) {
            Child holder = one.run(launcher, List.of(), referee.server(0));
            List<Child> all = new ArrayList<>(List.of(holder));
            try {
                holder.awaitServer();
                for (int i = 0; i < 5; i++) {
                    all.add(Box.named("box" + i).run(launcher, List.of("--force"), referee.server(50)));
                }
                await().atMost(Duration.ofSeconds(40))
                        .until(() -> all.stream().filter(Child::isAlive).count() == 1
                                && referee.living().size() == 1);
                Optional<Child> last = all.stream().filter(Child::isAlive).findFirst();
                assertThat(last).isPresent();
                for (Child each : all) {
                    if (each != last.get() && each != holder) {
                        // Refused, or it had the lock and yielded.
                        assertThat(each.awaitExit()).as("%s", each).isIn(CONFLICT, 0, 143);
                    }
                }
                last.get().signal("KILL");
                last.get().awaitExit();
                assertThat(referee.verdict()).contains("overlaps=0").endsWith("exit=0");
            } finally {
                all.forEach(Child::close);
            }
        }
    }
}
