package dev.holdfast.bench;

import dev.holdfast.example.DocumentIndex;
import dev.holdfast.lock.DataLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What the lock adds to the persisting of an index of a hundred documents of half a kilobyte, nobody else there. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PersistBenchmark {
    private static final int DOCUMENTS = 100;
    private static final int WORDS = 80;

    /** Where the index is made. */
    @Param("")
    public String folder;

    private DataLock turns;
    private DocumentIndex free;
    private DocumentIndex locked;
    private Map<String, String> change;

    /** Fills two indexes. */
    @Setup
    public void open() throws IOException, InterruptedException {
        Path freeFolder = Files.createDirectories(Path.of(folder, "index-free"));
        Path lockedFolder = Files.createDirectories(Path.of(folder, "index-locked"));
        turns = DataLock.at(lockedFolder.resolve(".holdfast.lock"));
        free = new DocumentIndex(freeFolder, null);
        locked = new DocumentIndex(lockedFolder, turns);
        Map<String, String> documents = new TreeMap<>();
        for (int number = 0; number < DOCUMENTS; number++) {
            StringBuilder text = new StringBuilder();
            for (int word = 0; word < WORDS; word++) {
                text.append("word").append((number * 31 + word * 17) % 100).append(' ');
            }
            documents.put("document" + number, text.toString());
        }
        free.persist(documents);
        locked.persist(documents);
        change = Map.of("document7", documents.get("document7"));
    }

    /** Closes the lock. */
    @TearDown
    public void close() {
        turns.close();
    }

    /** As a program that is alone would do it. */
    @Benchmark
    public boolean persistWithoutLock() throws IOException, InterruptedException {
        return free.persist(change);
    }

    /** In turns with others. */
    @Benchmark
    public boolean persistWithLock() throws IOException, InterruptedException {
        return locked.persist(change);
    }
}
