package dev.holdfast.lock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.LockChild;
import dev.holdfast.testkit.LockContender;
import dev.holdfast.testkit.LockTable;
import dev.holdfast.testkit.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Many contenders for one advisory lock, threads and processes, some of them killed: never two inside, and nobody
 * starves. Short by default; {@code -Pstress} runs the long form.
 */
@Tag("alone")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class AdvisoryLockStressIT {
    private static final boolean LONG =
            System.getProperty("holdfast.stress", "short").equals("long");
    private static final int CONTENDERS = 16;
    private static final int ROUNDS = 1000;
    private static final int LEAST_ENTRIES = 100;
    private static final int ENDLESS = Integer.MAX_VALUE;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @TempDir
    Path folder;

    private String name = "index.lock";
    private final List<Child> started = new ArrayList<>();

    @AfterEach
    void endAll() {
        started.forEach(Child::close);
    }

    private Path lock() {
        return folder.resolve(name);
    }

    private Path table() {
        return folder.resolve("table");
    }

    @Test
    void tableSeesTwoInsideAtOnce() {
        LockTable table = new LockTable(table());
        assertThat(table.enter(0, true, 0)).isTrue();
        assertThat(table.enter(1, false, 0)).isFalse();
        table.leave(0);
        assertThat(table.enter(2, false, 0)).as("two readers").isTrue();
        assertThat(table.enter(3, true, 0)).isFalse();
    }

    @Test
    void noThreadStarves() throws InterruptedException {
        LockContender contender = new LockContender(lock(), table(), 0);
        long start = System.nanoTime();
        contender.run(0, CONTENDERS, ROUNDS);
        assertThat(contender.verdict()).isEqualTo("verdict overlaps=0 failures=0");
        report("threads", start);
    }

    @Test
    void noProcessStarves() {
        long start = System.nanoTime();
        List<Child> all = contenders(CONTENDERS, 0, 1, ROUNDS);
        all.forEach(AdvisoryLockStressIT::awaitVerdict);
        report("processes", start);
    }

    @ParameterizedTest
    @ValueSource(strings = {"folder", "read-only"})
    void whatCannotBeWrittenIsHeldByOneAtATime(String what) throws IOException {
        name = what;
        if (what.equals("folder")) {
            Files.createDirectory(lock());
        } else {
            Files.createFile(lock());
            Files.setPosixFilePermissions(lock(), PosixFilePermissions.fromString("r--r--r--"));
        }
        contenders(4, 0, 1, 200).forEach(AdvisoryLockStressIT::awaitVerdict);
        assertThat(new LockTable(table()).entries()).isEqualTo(4 * 200);
    }

    @Test
    void contendersThatAreKilledAtRandomNeverMeetInside() throws InterruptedException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int contenders = LONG ? 8 : 4;
        int kills = 0;
        long start = System.nanoTime();
        List<Child> running = contenders(contenders, 5, 2, ENDLESS);
        LockTable table = new LockTable(table());
        long end = start + TimeUnit.SECONDS.toNanos(LONG ? 120 : 5);
        // On a busy machine hardly any JVM gets so far as to enter: then each has more time, and all of them have.
        long late = end + TimeUnit.SECONDS.toNanos(90);
        while (System.nanoTime() < end || (table.entries() <= LEAST_ENTRIES && System.nanoTime() < late)) {
            int victim = random.nextInt(contenders);
            int pause = System.nanoTime() < end ? 60 : 3000;
            var unused = running.get(victim).endsWithin(Duration.ofMillis(random.nextInt(pause)));
            kills++;
            Processes.signal(running.get(victim).pid(), "KILL");
            running.get(victim).awaitExitWithoutOutput();
            running.set(victim, contender(5, 2 * victim, 2, ENDLESS));
            LockChild.tell(running.get(victim), "go");
        }
        endAll();
        assertThat(table.overlaps()).as("seed %d", seed).isZero();
        assertThat(table.entries()).as("seed %d", seed).isGreaterThan(LEAST_ENTRIES);
        try (AdvisoryLock lock = AdvisoryLock.exclusive(lock());
                Hold hold = lock.acquire()) {
            assertThat(hold.isHeld()).isTrue();
        }
        print("killed: seed=" + seed + " kills=" + kills + " writers inside=" + table.entries(), start);
    }

    private Child contender(int readersOfTen, int slot, int threads, int rounds) {
        Child child = LockContender.start(lock(), table(), readersOfTen, slot, threads, rounds);
        started.add(child);
        return child;
    }

    private List<Child> contenders(int count, int readersOfTen, int threads, int rounds) {
        List<Child> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(contender(readersOfTen, i * threads, threads, rounds));
        }
        all.forEach(child -> LockChild.tell(child, "go"));
        return all;
    }

    private static void awaitVerdict(Child child) {
        assertThat(child.awaitExit(PATIENCE)).as("%s", child).isZero();
        assertThat(child.stdout()).endsWith("verdict overlaps=0 failures=0\n");
    }

    /** Numbers for whoever runs the long form. */
    @SuppressWarnings("SystemOut")
    private static void print(String what, long start) {
        System.out.println("advisory " + what + ", seconds=" + (System.nanoTime() - start) / 1_000_000_000);
    }

    /**
     * Who is out of the processor between its call and its place in the queue may see many others pass: that is the
     * machine's doing, and rare.
     */
    private void report(String form, long start) {
        List<Long> waits = new LockTable(table()).waits();
        int count = waits.size();
        assertThat(count).isEqualTo(CONTENDERS * ROUNDS);
        print(
                form + ": " + count + " turns, others inside while one waited: median=" + waits.get(count / 2)
                        + " p999=" + waits.get(count * 999 / 1000) + " most=" + waits.get(count - 1),
                start);
        assertThat(waits.get(count * 99 / 100)).isLessThanOrEqualTo(2 * CONTENDERS);
        assertThat(waits.get(count - 1)).isLessThan(4 * ROUNDS);
    }
}
