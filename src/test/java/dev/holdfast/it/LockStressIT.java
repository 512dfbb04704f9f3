package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.lock.file.Step;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.Referee;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One holder, whatever dies when: many launchers at once, killed at random, forced, and with the lock file taken away,
 * under the eyes of a referee that is a process of its own. Short by default; {@code -Pstress} runs the long form.
 */
@Tag("alone")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class LockStressIT {
    private static final boolean LONG =
            System.getProperty("holdfast.stress", "short").equals("long");
    private static final List<String> FORCE = List.of("--force", "--grace", "2s");
    private static final List<String> GRACE = List.of("--grace", "2s");
    private static final int CONFLICT = 75;

    @TempDir
    Path folder;

    private final List<Child> started = new ArrayList<>();

    @Test
    void refereeFailsTwoServersThatRunWithoutTheGuard() {
        try (Referee referee = Referee.start(folder);
                Child first = Child.start(new ProcessBuilder(referee.server(0)))) {
            first.awaitServer();
            try (Child second = Child.start(new ProcessBuilder(referee.server(0)))) {
                second.awaitServer();
                assertThat(referee.verdict()).endsWith("servers=2 overlaps=1 unanswered=0 peak=2 exit=1");
            }
        }
    }

    @Test
    void refereePassesTwoServersOneAfterTheOther() {
        try (Referee referee = Referee.start(folder)) {
            for (int i = 0; i < 2; i++) {
                try (Child server = Child.start(new ProcessBuilder(referee.server(0)))) {
                    server.awaitServer();
                    server.signal("KILL");
                    server.awaitExit();
                }
            }
            assertThat(referee.verdict()).endsWith("servers=2 overlaps=0 unanswered=0 peak=1 exit=0");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void launchersAtOneInstantRunOneServer(boolean stale) throws IOException {
        int launchers = LONG ? 32 : 12;
        int rounds = LONG ? 50 : 3;
        long start = System.nanoTime();
        try (Referee referee = Referee.start(folder)) {
            Path locks = Files.createDirectory(folder.resolve("locks"));
            Launcher launcher = Launcher.in(locks);
            for (int round = 0; round < rounds; round++) {
                if (stale) {
                    leaveStaleFile(locks);
                }
                List<Child> all = atOneInstant(launcher, launchers, GRACE, referee.server(0));
                try {
                    Child winner = awaitAllButOne(all);
                    await().until(() -> referee.living().size() == 1);
                    assertThat(all)
                            .filteredOn(child -> child != winner)
                            .allSatisfy(child -> assertThat(child.awaitExit())
                                    .as("%s", child)
                                    .isEqualTo(CONFLICT))
                            .allSatisfy(child -> assertThat(child.stderr())
                                    .startsWith("holdfast: another instance of \"orders\" is already running: pid "
                                            + winner.pid()));
                    winner.signal("TERM");
                    assertThat(winner.awaitExit()).as("%s", winner).isZero();
                    assertThat(launcher.leftovers()).isEmpty();
                } finally {
                    all.forEach(Child::close);
                }
            }
            String verdict = referee.verdict();
            assertThat(verdict).contains("servers=" + rounds + " overlaps=0 unanswered=0");
            report("instant stale=" + stale + " launchers=" + launchers + " rounds=" + rounds, verdict, start);
        }
    }

    @Test
    void contendersThatAreKilledAtRandomNeverRunTwoServers() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int contenders = LONG ? 8 : 4;
        long start = System.nanoTime();
        int kills = 0;
        try (Referee referee = Referee.start(folder)) {
            Launcher launcher = Launcher.in(Files.createDirectory(folder.resolve("locks")));
            Child[] running = new Child[contenders];
            long end = start + seconds(LONG ? 60 : 4);
            while (isTooEarly(referee, start, end)) {
                fill(running, launcher, referee, random);
                var unused = running[random.nextInt(contenders)].endsWithin(Duration.ofMillis(random.nextInt(120)));
                kills += killSomething(running, referee, random);
            }
            started.forEach(Child::noteTree);
            for (Child child : running) {
                Processes.signal(child.pid(), "KILL");
            }
            assertRestartable(launcher, referee);
            String verdict = referee.verdict();
            assertThat(verdict).as("seed %d %s", seed, referee).contains("overlaps=0 unanswered=0");
            assertThat(referee.servers()).as("seed %d", seed).isGreaterThan(3);
            report(
                    "random seed=" + seed + " contenders=" + contenders + " launchers=" + started.size() + " kills="
                            + kills,
                    verdict,
                    start);
        } finally {
            started.forEach(Child::close);
        }
    }

    @Test
    void forcedStartsAtOnceEndWithOneServerAndFewKills() throws IOException {
        int launchers = LONG ? 50 : 12;
        long start = System.nanoTime();
        try (Referee referee = Referee.start(folder)) {
            Launcher launcher = Launcher.in(Files.createDirectory(folder.resolve("locks")));
            try (Child holder = launcher.run(GRACE, referee.server(20))) {
                holder.awaitServer();
                try (Child stranger = perl("$| = 1; print \"ready $$\\n\"; sleep 1000");
                        Child reader = perl("$| = 1; open my $f, '+<', '" + launcher.lockFile("orders")
                                + "' or die; print \"ready $$\\n\"; sleep 1000")) {
                    stranger.awaitServer();
                    reader.awaitServer();
                    List<Child> all = atOneInstant(launcher, launchers, FORCE, referee.server(20));
                    Child winner = awaitAllButOne(all);
                    await().until(() -> referee.living().size() == 1);
                    assertThat(holder.awaitExit()).as("%s", holder).isZero();
                    assertThat(all)
                            .filteredOn(child -> child != winner)
                            .allSatisfy(child -> assertThat(child.awaitExit())
                                    .as("%s", child)
                                    .isEqualTo(CONFLICT));
                    long takeovers = all.stream()
                            .flatMap(child -> child.stderr().lines())
                            .filter(line -> line.contains("taking over"))
                            .count();
                    assertThat(takeovers).isEqualTo(1);
                    assertThat(stranger.isAlive() && reader.isAlive()).isTrue();
                    winner.signal("TERM");
                    assertThat(winner.awaitExit()).as("%s", winner).isZero();
                    assertThat(launcher.leftovers()).isEmpty();
                    String verdict = referee.verdict();
                    assertThat(verdict).contains("servers=2 overlaps=0 unanswered=0");
                    report("forced launchers=" + launchers + " takeovers=" + takeovers, verdict, start);
                }
            }
        } finally {
            started.forEach(Child::close);
        }
    }

    @Test
    void lockFileThatIsRemovedAllTheTimeNeverLetsTwoServersRun() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int contenders = LONG ? 8 : 4;
        long start = System.nanoTime();
        try (Referee referee = Referee.start(folder)) {
            Path locks = Files.createDirectory(folder.resolve("locks"));
            Launcher launcher = Launcher.in(locks);
            // As in another container: no abstract socket of the one is seen by the other
            Launcher elsewhere = Launcher.in(locks);
            if (mayUnshare()) {
                elsewhere.shell("unshare").shell("--net");
            }
            try (Child cleaner = perl("$| = 1; print \"ready $$\\n\"; while (1) { $n += unlink '"
                    + launcher.lockFile("orders") + "'; select undef, undef, undef, rand 0.001 }")) {
                cleaner.awaitServer();
                Child[] running = new Child[contenders];
                long end = start + seconds(LONG ? 60 : 4);
                while (isTooEarly(referee, start, end)) {
                    fill(running, random.nextBoolean() ? launcher : elsewhere, referee, random);
                    var unused = running[random.nextInt(contenders)].endsWithin(Duration.ofMillis(random.nextInt(150)));
                    if (random.nextInt(3) == 0) {
                        referee.living().forEach(referee::kill);
                    }
                }
                for (Child child : running) {
                    child.signal("TERM");
                }
                for (Child child : running) {
                    child.awaitExit();
                }
            }
            assertRestartable(launcher, referee);
            String verdict = referee.verdict();
            assertThat(verdict).as("seed %d %s", seed, referee).contains("overlaps=0 unanswered=0");
            assertThat(referee.servers()).as("seed %d", seed).isGreaterThan(3);
            report(
                    "cleaner seed=" + seed + " contenders=" + contenders + " launchers=" + started.size(),
                    verdict,
                    start);
        } finally {
            started.forEach(Child::close);
        }
    }

    /** On a busy machine it takes longer until there was something to see. */
    private static boolean isTooEarly(Referee referee, long start, long end) {
        long now = System.nanoTime();
        return now < end || (referee.servers() <= 3 && now < start + seconds(60));
    }

    private static boolean mayUnshare() {
        try (Child unshare = Child.start(new ProcessBuilder("unshare", "--net", "true"))) {
            return unshare.awaitExit() == 0;
        }
    }

    /** All wait in a shell's read, which becomes the launcher when it is told to go. */
    private List<Child> atOneInstant(Launcher launcher, int count, List<String> options, List<String> server)
            throws IOException {
        List<Child> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ProcessBuilder builder = launcher.builder(runWords(launcher, options, server));
            List<String> gated = new ArrayList<>(List.of("sh", "-c", "echo gate; read go; exec \"$@\"", "sh"));
            gated.addAll(builder.command());
            Child child = Child.start(builder.command(gated));
            started.add(child);
            all.add(child);
        }
        for (Child child : all) {
            child.awaitOut("gate");
        }
        for (Child child : all) {
            child.stdin().write('\n');
            child.stdin().flush();
        }
        return all;
    }

    private static List<String> runWords(Launcher launcher, List<String> options, List<String> server) {
        List<String> words = new ArrayList<>(List.of(
                "run",
                "--name",
                "orders",
                "--lock-file",
                launcher.lockFile("orders").toString()));
        words.addAll(options);
        words.add("--");
        words.addAll(server);
        return words;
    }

    private static Child awaitAllButOne(List<Child> all) {
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> all.stream().filter(Child::isAlive).count() <= 1);
        return all.stream()
                .filter(Child::isAlive)
                .findFirst()
                .orElseThrow(() -> new AssertionError("nobody runs: " + all));
    }

    private static void leaveStaleFile(Path locks) {
        try (Child crashed =
                Launcher.in(locks).crashingAfter(Step.RELEASE_REAPED).run(List.of(), Launcher.server("code=0"))) {
            crashed.awaitExitWithoutOutput();
        }
        assertThat(locks.resolve("orders.lock")).isNotEmptyFile();
    }

    private void fill(Child[] running, Launcher launcher, Referee referee, Random random) {
        for (int i = 0; i < running.length; i++) {
            if (running[i] == null || !running[i].isAlive()) {
                List<String> options = switch (random.nextInt(4)) {
                    case 0 -> FORCE;
                    case 1 -> List.of("--on-conflict", "wait", "--wait-timeout", "1s", "--grace", "2s");
                    default -> GRACE;
                };
                String deathSignal = List.of("TERM", "KILL", "none").get(random.nextInt(3));
                running[i] = launcher.env("HOLDFAST_DEATH_SIGNAL", deathSignal)
                        .run(options, referee.server(random.nextInt(30)));
                started.add(running[i]);
            }
        }
    }

    private static int killSomething(Child[] running, Referee referee, Random random) {
        if (random.nextBoolean()) {
            List<Long> living = referee.living();
            living.forEach(referee::kill);
            return living.size();
        }
        Child victim = running[random.nextInt(running.length)];
        if (!victim.isAlive()) {
            return 0;
        }
        victim.signal("KILL");
        return 1;
    }

    /** A forced start ends what is left, runs, and leaves nothing. */
    private static void assertRestartable(Launcher launcher, Referee referee) {
        try (Child last = launcher.run(FORCE, referee.server(0))) {
            long server = last.awaitServer();
            await().until(() -> referee.living().equals(List.of(server)));
            last.signal("TERM");
            assertThat(last.awaitExit()).as("%s", last).isZero();
        }
        await().until(() -> referee.living().isEmpty());
        assertThat(launcher.leftovers()).isEmpty();
    }

    private static Child perl(String program) {
        return Child.start(new ProcessBuilder("perl", "-e", program));
    }

    private static long seconds(int count) {
        return TimeUnit.SECONDS.toNanos(count);
    }

    /** Numbers for whoever runs the long form. */
    @SuppressWarnings("SystemOut")
    private static void report(String form, String verdict, long start) {
        System.out.println(
                "stress " + form + ": " + verdict + " seconds=" + (System.nanoTime() - start) / 1_000_000_000);
    }
}
