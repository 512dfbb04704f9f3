package dev.holdfast.testkit;

import dev.holdfast.lock.AdvisoryLock;
import dev.holdfast.lock.Hold;
import dev.holdfast.lock.LockMode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** A JVM whose threads take an advisory lock again and again, under the eyes of a {@link LockTable}. */
public final class LockContender {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path path;
    private final LockTable table;
    private final int readersOfTen;
    private final AtomicInteger failures = new AtomicInteger();

    /** Contenders for a lock, so many of ten of whose rounds only read. */
    public LockContender(Path path, Path table, int readersOfTen) {
        this.path = path;
        this.table = new LockTable(table);
        this.readersOfTen = readersOfTen;
    }

    /** A new JVM, which waits for a line before it begins. */
    public static Child start(Path path, Path table, int readersOfTen, int slot, int threads, int rounds) {
        Child child = Child.start(new ProcessBuilder(LockChild.command(
                LockContender.class,
                path.toString(),
                table.toString(),
                Integer.toString(readersOfTen),
                Integer.toString(slot),
                Integer.toString(threads),
                Integer.toString(rounds))));
        child.awaitOut("ready");
        return child;
    }

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws IOException, InterruptedException {
        LockContender contender =
                new LockContender(Path.of(arguments[0]), Path.of(arguments[1]), Integer.parseInt(arguments[2]));
        System.out.println("ready");
        if (System.in.read() >= 0) {
            contender.run(
                    Integer.parseInt(arguments[3]), Integer.parseInt(arguments[4]), Integer.parseInt(arguments[5]));
            System.out.println(contender.verdict());
        }
    }

    /** Runs threads, each with a slot and lock objects of its own, to their ends. */
    public void run(int slot, int threads, int rounds) throws InterruptedException {
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int own = slot + i;
            all.add(new Thread(() -> contend(own, rounds)));
        }
        all.forEach(Thread::start);
        for (Thread thread : all) {
            thread.join();
        }
    }

    /** What came of it. */
    public String verdict() {
        return "verdict overlaps=" + table.overlaps() + " failures=" + failures;
    }

    @SuppressWarnings("SystemOut")
    private void contend(int slot, int rounds) {
        try (AdvisoryLock writing = AdvisoryLock.exclusive(path);
                AdvisoryLock reading = AdvisoryLock.shared(path)) {
            for (int round = 0; round < rounds; round++) {
                boolean reads = ThreadLocalRandom.current().nextInt(10) < readersOfTen;
                long came = table.entries();
                try (Hold hold = (reads ? reading : writing).acquire(PATIENCE)) {
                    var unused = table.enter(slot, hold.mode() == LockMode.EXCLUSIVE, came);
                    table.leave(slot);
                }
            }
        } catch (RuntimeException | InterruptedException e) {
            failures.incrementAndGet();
            System.out.println(e);
        }
    }
}
