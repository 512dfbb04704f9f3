package dev.holdfast.lock.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.posix.FileDescriptors;
import dev.holdfast.posix.FileStatus;
import dev.holdfast.posix.SocketTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The interlock is of the folder and the file name, whatever path leads there. */
class InterlockTest {
    @TempDir
    Path folder;

    @Test
    void secondIsRefusedUntilTheFirstIsClosedAlsoThroughALink() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
        OptionalInt first = Interlock.take(new LockFile(folder.toString(), "a.lock"));
        assertThat(first.getAsInt()).isNotNegative();
        assertThat(Interlock.take(new LockFile(link.toString(), "a.lock"))).isEmpty();
        OptionalInt other = Interlock.take(new LockFile(folder.toString(), "b.lock"));
        assertThat(other.getAsInt()).isNotNegative();
        FileDescriptors.close(other.getAsInt());
        FileDescriptors.close(first.getAsInt());
        OptionalInt next = Interlock.take(new LockFile(link.toString(), "a.lock"));
        assertThat(next.getAsInt()).isNotNegative();
        FileDescriptors.close(next.getAsInt());
    }

    @Test
    void longAndForeignNamesFitAndStayDifferent() {
        FileStatus status = FileStatus.ofTarget(folder.toString()).orElseThrow();
        String longName = Interlock.name(status, "x".repeat(255));
        assertThat(longName).hasSizeLessThanOrEqualTo(107).isNotEqualTo(Interlock.name(status, "x".repeat(254)));
        assertThat(Interlock.name(status, "\u00e4.lock")).isNotEqualTo(Interlock.name(status, "\u00f6.lock"));
        assertThat(Interlock.name(status, "a.lock")).startsWith("holdfast:").endsWith(":a.lock");
    }

    @Test
    void missingFolderHasNone() {
        assertThat(Interlock.take(new LockFile(folder + "/none", "a.lock"))).hasValue(Interlock.NONE);
    }

    @Test
    void everyHolderIsFoundAmongManySockets() {
        // More lines than one page of /proc/net/unix has room for, in an order that is the kernel's.
        FileStatus status = FileStatus.ofTarget(folder.toString()).orElseThrow();
        int[] sockets = new int[160];
        for (int i = 0; i < sockets.length; i++) {
            sockets[i] =
                    Interlock.take(new LockFile(folder.toString(), i + ".lock")).getAsInt();
        }
        try {
            for (int i = 0; i < sockets.length; i++) {
                assertThat(SocketTables.abstractSocketInode(Interlock.name(status, i + ".lock")))
                        .hasValue(FileStatus.ofDescriptor(sockets[i]).inode());
            }
            assertThat(InterlockHolders.pids(new LockFile(folder.toString(), "7.lock")))
                    .isEqualTo(Long.toString(ProcessHandle.current().pid()));
        } finally {
            for (int socket : sockets) {
                FileDescriptors.close(socket);
            }
        }
    }
}
