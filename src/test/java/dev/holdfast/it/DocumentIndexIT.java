package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.example.DocumentIndex;
import dev.holdfast.example.Indexer;
import dev.holdfast.lock.DataLock;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.LockChild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several JVMs persist and load one index at once: with the lock nothing is lost or seen half, without it something is. */
@Timeout(180)
class DocumentIndexIT {
    private static final int MOST_TRIES = 10;

    @TempDir
    Path folder;

    @Test
    void withTheLockNothingIsLostAndNobodySeesHalfAWrite() throws IOException {
        List<Child> all = indexers(folder, "locked", 3, 60);
        try (Child killed = indexer(folder, "locked", "killed", 1_000_000)) {
            begin(killed);
            all.forEach(DocumentIndexIT::begin);
            // In the midst of its writes: what it said to be stored is, and the others go on.
            killed.awaitOut("stored killed-10\n");
            killed.signal("KILL");
            killed.awaitExit();
            all.forEach(child -> assertThat(child.awaitExit()).as("%s", child).isZero());
            all.add(killed);
            try (DataLock turns = DataLock.at(folder.resolve(".holdfast.lock"))) {
                Set<String> documents =
                        new DocumentIndex(folder, turns).loadNow().keySet();
                for (Child child : all) {
                    assertThat(child.stdout()).doesNotContain("lost").doesNotContain("corrupt");
                    assertThat(documents).containsAll(stored(child));
                }
                assertThat(documents).hasSizeGreaterThanOrEqualTo(3 * 60 + 11);
            }
        } finally {
            all.forEach(Child::close);
        }
    }

    /** The test of the test: it would see it. */
    @Test
    void withoutTheLockItIsCorruptedOrDocumentsAreLost() throws IOException {
        boolean damaged = false;
        for (int round = 0; round < MOST_TRIES && !damaged; round++) {
            Path data = Files.createDirectory(folder.resolve("round" + round));
            List<Child> all = indexers(data, "free", 3, 60);
            try {
                all.forEach(DocumentIndexIT::begin);
                for (Child child : all) {
                    child.awaitExit();
                    damaged |= child.stdout().contains("lost") || child.stdout().contains("corrupt");
                }
            } finally {
                all.forEach(Child::close);
            }
        }
        assertThat(damaged).isTrue();
    }

    private static List<String> stored(Child child) {
        return child.stdout()
                .lines()
                .filter(line -> line.startsWith("stored "))
                .map(line -> line.substring("stored ".length()))
                .toList();
    }

    private static List<Child> indexers(Path folder, String mode, int count, int documents) {
        List<Child> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(indexer(folder, mode, "indexer" + i, documents));
        }
        return all;
    }

    private static Child indexer(Path folder, String mode, String name, int documents) {
        Child child = Child.start(new ProcessBuilder(
                LockChild.command(Indexer.class, folder.toString(), mode, name, Integer.toString(documents))));
        child.awaitOut("ready");
        return child;
    }

    private static void begin(Child child) {
        try {
            child.stdin().write('\n');
            child.stdin().flush();
        } catch (IOException e) {
            throw new AssertionError(child.toString(), e);
        }
    }
}
