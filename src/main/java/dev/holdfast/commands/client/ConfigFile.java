package dev.holdfast.commands.client;

import dev.holdfast.posix.files.FileNames;
import dev.holdfast.posix.files.FileStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A client's file as it was read, to be replaced whole: a new one in the same folder with the same mode and group, synced, takes its
 * name. A reader has the old or the new one, also when the machine crashes. A link is followed to a file of the user's own, and stays.
 *
 * <p>What another program writes in the instant between the last look at the file and the rename is lost; the copy beside
 * it does not have it either. That instant is some microseconds long. Extended attributes and access lists are not copied.
 */
final class ConfigFile {
    /** None of these is that long. */
    private static final long MOST_BYTES = 64L << 20;

    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rw-------");

    private final Path path;
    /** All of it, as it was read. */
    private final byte[] content;
    /** Which file it is, and of which moment. */
    private final FileStatus status;

    private ConfigFile(Path path, byte[] content, FileStatus status) {
        this.path = path;
        this.content = content;
        this.status = status;
    }

    /**
     * Reads a file. Blocks for a disk.
     *
     * @param named its path, or that of a link to it
     * @param user the effective user id
     * @throws ClientFileException if it is not there, not the user's own, or cannot be read
     */
    static ConfigFile read(Path named, int user) {
        try {
            Path path = named.toRealPath();
            FileStatus status = FileStatus.ofTarget(FileNames.bytes(path))
                    .orElseThrow(() -> new NoSuchFileException(path.toString()));
            if (!status.isRegular()) {
                throw ClientFileException.unsafe(named, "is no regular file");
            }
            if (status.owner() != user) {
                throw ClientFileException.unsafe(named, "belongs to another user (uid " + status.owner() + ")");
            }
            if (status.size() > MOST_BYTES) {
                throw ClientFileException.unsafe(named, "is larger than 64 MB");
            }
            return new ConfigFile(path, Files.readAllBytes(path), status);
        } catch (NoSuchFileException e) {
            throw ClientFileException.missing("there is no file \"" + named + "\"");
        } catch (IOException e) {
            throw ClientFileException.missing("cannot read \"" + named + "\": " + reason(e));
        }
    }

    /** Behind all links. */
    Path path() {
        return path;
    }

    /**
     * Its text.
     *
     * @throws ClientFileException if it is not UTF-8
     */
    String text() {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException e) {
            throw ClientFileException.malformed("is not in UTF-8").in(path);
        }
    }

    /**
     * Puts a new text in its place, and the old one into a copy beside it, see {@link Backups}. Blocks for a disk.
     *
     * @return the copy
     * @throws ClientFileException if it cannot be written, or is another one by now; then the copies are as they were
     */
    Path replace(String text) {
        if (status.links() > 1) {
            throw ClientFileException.unsafe(path, "has " + status.links() + " names (hard links), and would lose one");
        }
        try {
            PosixFileAttributes attributes = Files.readAttributes(path, PosixFileAttributes.class);
            if (!attributes.permissions().contains(PosixFilePermission.OWNER_WRITE)) {
                throw ClientFileException.unwritable(path, "is read-only");
            }
            Path fresh = freshName();
            Path copy = freshName();
            try {
                write(fresh, text.getBytes(StandardCharsets.UTF_8), attributes);
                write(copy, content, attributes);
                requireUnchanged();
                Path backup = new Backups(path).keep(copy, content);
                requireUnchanged();
                Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
                sync(path.resolveSibling("."));
                return backup;
            } finally {
                Files.deleteIfExists(fresh);
                Files.deleteIfExists(copy);
            }
        } catch (IOException e) {
            throw ClientFileException.unwritable(path, "cannot be replaced: " + reason(e));
        }
    }

    private Path freshName() {
        return path.resolveSibling("." + path.getFileName() + "." + UUID.randomUUID());
    }

    private static void write(Path fresh, byte[] bytes, PosixFileAttributes like) throws IOException {
        try (FileChannel channel = FileChannel.open(
                fresh,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PRIVATE))) {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            PosixFileAttributeView view = Files.getFileAttributeView(fresh, PosixFileAttributeView.class);
            if (!Files.readAttributes(fresh, PosixFileAttributes.class).group().equals(like.group())) {
                view.setGroup(like.group());
            }
            view.setPermissions(like.permissions());
            channel.force(true);
        }
    }

    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private void requireUnchanged() throws IOException {
        boolean isTheSame = FileStatus.ofTarget(FileNames.bytes(path)).equals(Optional.of(status))
                && Arrays.equals(Files.readAllBytes(path), content);
        if (!isTheSame) {
            throw ClientFileException.changed(path);
        }
    }

    private static String reason(IOException e) {
        String name = e.getClass().getSimpleName().replace("Exception", "");
        return e instanceof FileSystemException file && file.getReason() != null
                ? file.getReason()
                : name.replaceAll("(?<=[a-z])(?=[A-Z])", " ");
    }
}
