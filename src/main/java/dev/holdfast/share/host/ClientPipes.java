package dev.holdfast.share.host;

import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.files.Passage;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A client's own standard input and output, which its start has handed over: what it says is read here, and nobody copies
 * it. Neither blocks, and nothing changes for others who have the same pipe or socket: whether it blocks belongs to the open
 * file description, which the client may have, too. So a pipe is opened once more, and a socket is told in each call. Not
 * safe for use by many threads.
 */
final class ClientPipes implements AutoCloseable {
    private final End input;
    private final End output;

    private ClientPipes(End input, End output) {
        this.input = input;
        this.output = output;
    }

    private record End(int descriptor, boolean isSocket) {}

    /**
     * Takes them over.
     *
     * @param stdin stays open
     * @param stdout stays open
     * @return empty when they are neither pipes nor sockets, or may not be opened here, or no descriptors are left: then the
     *     client's start has to copy
     */
    static Optional<ClientPipes> of(int stdin, int stdout) {
        End input = end(stdin, FileDescriptors.O_RDONLY);
        if (input == null) {
            return Optional.empty();
        }
        // A FIFO that nobody writes to any more when it is opened does not tell of its end later.
        End output = FileDescriptors.hasHungUp(stdin) ? null : end(stdout, FileDescriptors.O_WRONLY);
        if (output == null) {
            FileDescriptors.close(input.descriptor());
            return Optional.empty();
        }
        return Optional.of(new ClientPipes(input, output));
    }

    private static @Nullable End end(int descriptor, int access) {
        String path = "/proc/self/fd/" + descriptor;
        String kind = FileStatus.ofTarget(path).map(FileStatus::kind).orElse("");
        if (kind.equals("socket")) {
            return socket(descriptor);
        }
        int opened = kind.equals("FIFO") ? FileDescriptors.open(path, access | FileDescriptors.O_NONBLOCK, 0) : -1;
        return opened < 0 ? null : new End(opened, false);
    }

    private static @Nullable End socket(int descriptor) {
        try {
            return new End(FileDescriptors.duplicateAtOrAbove(descriptor, 0), true);
        } catch (PosixException e) {
            return null; // the start copies
        }
    }

    /** Where it is told that the client has written. */
    int input() {
        return input.descriptor();
    }

    /** Where it is told that the client takes more, or has left. */
    int output() {
        return output.descriptor();
    }

    /** As {@link Passage#fill} does. */
    int read(Passage buffer) {
        return input.isSocket() ? buffer.receive(input.descriptor()) : buffer.fill(input.descriptor());
    }

    /** As {@link Passage#write} does. */
    int write(Passage buffer) {
        return output.isSocket() ? buffer.send(output.descriptor()) : buffer.write(output.descriptor());
    }

    @Override
    public void close() {
        FileDescriptors.close(input.descriptor());
        FileDescriptors.close(output.descriptor());
    }
}
