package dev.holdfast.share.attach;

import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.processes.ProcessDescriptor;
import dev.holdfast.posix.processes.Self;
import org.jspecify.annotations.Nullable;

/** Who has started this process and speaks to it by stdin and stdout: whether somebody is still there. */
public final class StdioClient implements AutoCloseable {
    private static final int STDIN = 0;
    private static final int STDOUT = 1;

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
        return FileDescriptors.isDrained(STDIN) || FileDescriptors.hasNoReader(STDOUT);
    }

    @Override
    public void close() {
        if (parent != null) {
            parent.close();
        }
    }
}
