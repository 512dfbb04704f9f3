package dev.holdfast.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileLocks;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryFileTest {
    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("home/history.jsonl");
    }

    private HistoryFile history() {
        return new HistoryFile(file().toString());
    }

    private static String line(String name) {
        return new HistoryLine(HistoryKind.START, name, "1-00000000").end();
    }

    private List<String> names(long most) {
        return new HistoryReader(file().toString())
                .last(most, entry -> true).stream().map(HistoryEntry::name).toList();
    }

    @Test
    void folderAndFileAreTheUsersAlone() throws IOException {
        assertThat(history().append(line("a"))).isEmpty();
        assertThat(history().append(line("b") + line("c"))).isEmpty();
        assertThat(names(100)).containsExactly("a", "b", "c");
        assertThat(names(2)).containsExactly("b", "c");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file().getParent())))
                .isEqualTo("rwx------");
    }

    /** None of them is followed, waited for, or written to; and nothing is thrown. */
    @Test
    void whatCannotBeWrittenIsTold() throws Exception {
        Files.createDirectory(file().getParent());
        Path other = Files.writeString(folder.resolve("other"), "mine");
        Files.createSymbolicLink(file(), other);
        assertThat(history().append(line("a"))).contains("symbolic link");
        Files.delete(file());
        Files.createLink(file(), other);
        assertThat(history().append(line("a"))).contains("hard links");
        Files.delete(file());
        assertThat(new ProcessBuilder("mkfifo", file().toString()).start().waitFor())
                .isZero();
        assertThat(history().append(line("a"))).contains("FIFO");
        assertThat(names(100)).isEmpty();
        Files.delete(file());
        Files.createDirectory(file());
        assertThat(history().append(line("a"))).contains("directory");
        assertThat(new HistoryFile("/dev/null/history.jsonl").append(line("a"))).contains("/dev/null");
        assertThat(new HistoryFile("/dev/full").append(line("a"))).isNotEmpty();
        assertThat(other).hasContent("mine");
    }

    @Test
    void fullFileIsKeptAndTheOldestGoes() throws IOException {
        HistoryFile small = new HistoryFile(file().toString(), 200, 2);
        for (int i = 10; i < 40; i++) {
            assertThat(small.append(line("n" + i))).isEmpty();
        }
        try (Stream<Path> files = Files.list(file().getParent())) {
            assertThat(files.map(each -> each.getFileName().toString()).filter(name -> !name.equals("history.jsonl")))
                    .containsExactlyInAnyOrder("history.jsonl.1", "history.jsonl.2");
        }
        List<String> names = names(4);
        assertThat(names).containsExactly("n36", "n37", "n38", "n39");
    }

    /** As another launcher would that is about to do the same. */
    @Test
    void whoFindsTheFullFileLockedLeavesItAlone() {
        assertThat(history().append(line("a"))).isEmpty();
        int other = FileDescriptors.open(file().toString(), FileDescriptors.O_RDONLY, 0);
        try {
            assertThat(FileLocks.tryFlock(other)).isTrue();
            assertThat(new HistoryFile(file().toString(), 10, 2).append(line("b")))
                    .isEmpty();
            assertThat(folder.resolve("home/history.jsonl.1")).doesNotExist();
        } finally {
            FileDescriptors.close(other);
        }
        assertThat(new HistoryFile(file().toString(), 10, 2).append(line("c"))).isEmpty();
        assertThat(folder.resolve("home/history.jsonl.1")).exists();
        assertThat(names(10)).containsExactly("a", "b", "c");
    }

    @Test
    void linesOfManyAtOnceAreAllThere() throws Exception {
        int writers = 8;
        int each = 200;
        List<Thread> threads = new ArrayList<>();
        for (int writer = 0; writer < writers; writer++) {
            int number = writer;
            threads.add(new Thread(() -> IntStream.range(0, each)
                    .forEach(i -> new HistoryFile(file().toString(), 60_000, 3).append(line(number + "-" + i)))));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(names(Long.MAX_VALUE)).hasSize(writers * each).doesNotHaveDuplicates();
    }

    @Test
    void halfOfALineHidesNoOther() throws IOException {
        Files.createDirectory(file().getParent());
        String half = line("half").substring(0, 60);
        Files.writeString(file(), line("a") + "rubbish\n" + half + line("b") + "[1]\n" + line("c") + half);
        assertThat(names(10)).containsExactly("a", "b", "c");
    }

    /** A few lines of a huge file cost no more than those of a small one; what is too long for a line is none. */
    @Test
    void onlyTheEndOfAHugeFileIsRead() throws IOException {
        Files.createDirectory(file().getParent());
        try (RandomAccessFile huge = new RandomAccessFile(file().toFile(), "rw")) {
            huge.setLength(3L << 30);
            huge.seek(huge.length());
            huge.write(("\n" + line("a") + "x".repeat(1_000_000) + line("b") + line("c")
                            + line("d").trim())
                    .getBytes(StandardCharsets.UTF_8));
        }
        assertThat(names(2)).containsExactly("c", "d");
        assertThat(names(100)).containsExactly("a", "b", "c", "d");
    }

    /** Lines that begin and end anywhere in what is read at once, and are as long as that allows. */
    @Test
    void eachLineIsFoundWhereverABlockEnds() throws IOException {
        Files.createDirectory(file().getParent());
        List<String> all = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 3000; i++) {
            all.add("n" + i);
            text.append(line("n" + i)).append("\n".repeat(i % 3)).append(i % 500 == 0 ? "y".repeat(70_000) + "\n" : "");
        }
        Files.writeString(file(), text);
        assertThat(names(Long.MAX_VALUE)).isEqualTo(all);
    }

    /** As a rotation makes it that happens while somebody reads. */
    @Test
    void fileOfTwoNamesIsReadOnce() throws IOException {
        assertThat(history().append(line("a") + line("b"))).isEmpty();
        Files.createLink(file().resolveSibling("history.jsonl.1"), file());
        assertThat(names(100)).containsExactly("a", "b");
    }

    @Test
    void whatCannotBeReadIsTold() throws IOException {
        HistoryReader reader = new HistoryReader(file().toString());
        assertThat(reader.last(5, entry -> true)).isEmpty();
        assertThat(reader.obstacles()).as("there is none yet").isEmpty();
        Files.createDirectories(file());
        Path loop = file().resolveSibling("history.jsonl.2");
        Files.createSymbolicLink(loop, loop);
        assertThat(reader.last(5, entry -> true)).isEmpty();
        assertThat(reader.obstacles())
                .containsExactly(
                        file() + ": it is a directory, not a regular file",
                        loop + ": too many levels of symbolic links");
    }
}
