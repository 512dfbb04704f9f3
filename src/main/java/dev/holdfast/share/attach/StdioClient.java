package dev.holdfast.share.attach;

import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.processes.ProcessDescriptor;
import dev.holdfast.posix.processes.Self;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who has started this process and speaks to it by stdin and stdout: whether somebody is still there. */
public final class StdioClient implements AutoCloseable {
    static final int STDIN = 0;
    static final int STDOUT = 1;

    private final @Nullable ProcessDescriptor parent;
    private final boolean wasGoneBefore;

    /**
     * Looks from now on.
     *
     * @param pid the parent, as the launcher's start script saw it; 0 when it is not known
     * @param isWatched whether its death is the client's end
     */
    public StdioClient(int pid, boolean isWatched) {
        parent = isWatched ? ProcessDescriptor.ofParent().orElse(null) : null;
        wasGoneBefore = isWatched && pid > 1 && pid != Self.parentPid();
    }

    /** Whether another process can read and write in this one's place: a file has a position, and a terminal its own rules. */
    static boolean hasPipes() {
        return isPipe(STDIN) && isPipe(STDOUT);
    }

    private static boolean isPipe(int fd) {
        Optional<FileStatus> status = FileStatus.ofTarget("/proc/self/fd/" + fd);
        String kind = status.isPresent() ? status.get().kind() : "";
        return kind.equals("FIFO") || kind.equals("socket");
    }

    /** Whether all that it has sent was read, and nothing more comes. */
    boolean hasEndedInput() {
        return FileDescriptors.isDrained(STDIN);
    }

    /** Whether nobody reads what is written to it. */
    boolean readsNothing() {
        return FileDescriptors.hasNoReader(STDOUT);
    }

    /** What becomes readable at the parent's death; -1 for nothing. */
    int parent() {
        return parent == null ? -1 : parent.descriptor();
    }

    /** Whether the parent has died. */
    boolean isOrphaned() {
        return wasGoneBefore || (parent != null && parent.hasEnded());
    }

    /** Whether nothing more is to be read from it, or it reads nothing more. */
    boolean hasHungUp() {
        return hasEndedInput() || readsNothing();
    }

    @Override
    public void close() {
        if (parent != null) {
            parent.close();
        }
    }
}
