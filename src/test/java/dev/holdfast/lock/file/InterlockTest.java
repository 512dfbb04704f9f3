package dev.holdfast.lock.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.sockets.AbstractSocket;
import dev.holdfast.posix.sockets.SocketTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The interlock is of the folder and the file name, whatever path leads there. */
class InterlockTest {
    @TempDir
    Path folder;

    @Test
    void secondIsRefusedUntilTheFirstIsClosedAlsoThroughALink() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
        Interlock.Result first = Interlock.take(new LockFile(folder.toString(), "a.lock"));
        assertThat(first.socket()).isNotNegative();
        assertThat(Interlock.take(new LockFile(link.toString(), "a.lock")).isHeldByOther())
                .isTrue();
        Interlock.Result other = Interlock.take(new LockFile(folder.toString(), "b.lock"));
        assertThat(other.socket()).isNotNegative();
        FileDescriptors.close(other.socket());
        FileDescriptors.close(first.socket());
        Interlock.Result next = Interlock.take(new LockFile(link.toString(), "a.lock"));
        assertThat(next.socket()).isNotNegative();
        FileDescriptors.close(next.socket());
    }

    @Test
    void longAndForeignNamesFitAndStayDifferent() {
        FileStatus status = FileStatus.ofTarget(folder.toString()).orElseThrow();
        String longName = Interlock.name(status, "x".repeat(255));
        assertThat(longName).hasSizeLessThanOrEqualTo(107).isNotEqualTo(Interlock.name(status, "x".repeat(254)));
        assertThat(Interlock.name(status, "\u00e4.lock")).isNotEqualTo(Interlock.name(status, "\u00f6.lock"));
        assertThat(Interlock.name(status, "a.lock")).startsWith("holdfast:").endsWith(":a.lock");
    }

    /** A sandbox may hide all tables. */
    @Test
    void nameThatIsTakenIsSeenWithoutATable() {
        FileStatus status = FileStatus.ofTarget(folder.toString()).orElseThrow();
        String name = Interlock.name(status, "a.lock");
        assertThat(AbstractSocket.isTaken(name)).isFalse();
        int socket = Interlock.take(new LockFile(folder.toString(), "a.lock")).socket();
        assertThat(AbstractSocket.isTaken(name)).isTrue();
        FileDescriptors.close(socket);
        assertThat(AbstractSocket.isTaken(name)).isFalse();
    }

    @Test
    void missingFolderHasNone() {
        Interlock.Result none = Interlock.take(new LockFile(folder + "/none", "a.lock"));
        assertThat(none.socket()).isEqualTo(Interlock.NONE);
        assertThat(none.isHeldByOther()).isFalse();
    }

    @Test
    void everyHolderIsFoundAmongManySockets() {
        // More lines than one page of /proc/net/unix has room for, in an order that is the kernel's.
        FileStatus status = FileStatus.ofTarget(folder.toString()).orElseThrow();
        int[] sockets = new int[160];
        for (int i = 0; i < sockets.length; i++) {
            sockets[i] =
                    Interlock.take(new LockFile(folder.toString(), i + ".lock")).socket();
        }
        try {
            for (int i = 0; i < sockets.length; i++) {
                assertThat(SocketTables.abstractSocketInodes(Interlock.name(status, i + ".lock")))
                        .containsExactly(FileStatus.ofDescriptor(sockets[i]).inode());
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
