package dev.holdfast.session.template;

import dev.holdfast.console.ExitCode;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileNames;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.files.PositionedAccess;
import dev.holdfast.posix.processes.Self;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Files that only their owner may read, in a folder that is his alone. */
final class PrivateFile {
    private static final Set<PosixFilePermission> OWNERS = PosixFilePermissions.fromString("rw-------");
    private static final int OF_OTHERS = 077;
    private static final int LARGEST = 1024 * 1024;

    private PrivateFile() {}

    /**
     * Writes a file, whole: another one takes its name. What had the name is replaced, a link too, and not followed. Blocks for a
     * disk; not synced, since no session outlives a crash of the machine.
     *
     * @throws TemplateException if that fails; what had the name still has it
     */
    static void write(Path path, byte[] bytes) {
        Path fresh = path.resolveSibling(".new." + UUID.randomUUID());
        try {
            try (FileChannel channel = FileChannel.open(
                    fresh,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(OWNERS))) {
                ByteBuffer rest = ByteBuffer.wrap(bytes);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException e) {
            String reason = e instanceof FileSystemException file && file.getReason() != null
                    ? file.getReason()
                    : e.getClass().getSimpleName();
            throw TemplateException.of(ExitCode.CANNOT_CREATE, "cannot write \"" + path + "\": " + reason);
        }
    }

    /**
     * What is in a file of this user's that nobody else may read or write. Links are not followed, and nothing is waited for.
     *
     * @return at most a mebibyte; empty when there is no such file, or it cannot be read
     */
    static Optional<byte[]> read(Path path) {
        int flags = FileDescriptors.O_RDONLY
                | FileDescriptors.O_NOFOLLOW
                | FileDescriptors.O_NONBLOCK
                | FileDescriptors.O_NOCTTY;
        int fd = FileDescriptors.open(FileNames.bytes(path), flags, 0);
        if (fd < 0) {
            return Optional.empty();
        }
        try {
            FileStatus status = FileStatus.ofDescriptor(fd);
            boolean isPrivate = status.isRegular()
                    && status.owner() == Self.effectiveUser()
                    && (status.permissions() & OF_OTHERS) == 0;
            return isPrivate ? Optional.of(PositionedAccess.readAt(fd, LARGEST)) : Optional.empty();
        } finally {
            FileDescriptors.close(fd);
        }
    }
}
