package dev.holdfast.config;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.processes.Self;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The text of a configuration file, read only when it can be trusted: commands from it are run, so nobody else may have
 * written it.
 *
 * <p>All is checked on the open descriptor, so that nothing can be exchanged meanwhile; a FIFO is not waited for.
 * Links are followed: the file that they lead to is the one that is checked.
 */
public final class ConfigText {
    /** Modes by which others may write a file. */
    public static final int GROUP_OR_OTHERS_WRITE = 022;

    /** Modes by which those may write it who are not in its group. */
    public static final int OTHERS_WRITE = 02;

    /** Far more than any configuration, far less than would hold a start up. */
    private static final int LARGEST = 1024 * 1024;

    private static final int PIECE = 64 * 1024;
    private static final int ROOT = 0;
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private ConfigText() {}

    /**
     * Reads a file.
     *
     * @throws RefusedException if it cannot be had, or must not be trusted
     */
    static String read(String path) throws RefusedException {
        return read(path.getBytes(StandardCharsets.UTF_8), GROUP_OR_OTHERS_WRITE)
                .text();
    }

    /**
     * Reads a file. Blocks for a disk.
     *
     * @param path in the file system's own bytes
     * @param refused the modes that it must not have
     * @throws RefusedException if it cannot be had, or must not be trusted
     */
    public static Content read(byte[] path, int refused) throws RefusedException {
        int fd = FileDescriptors.open(
                path, FileDescriptors.O_RDONLY | FileDescriptors.O_NONBLOCK | FileDescriptors.O_NOCTTY, 0);
        if (fd < 0) {
            throw new RefusedException("cannot be read: " + Errno.describe(-fd));
        }
        try {
            FileStatus status = FileStatus.ofDescriptor(fd);
            check(status, refused);
            String text = decode(content(fd));
            boolean hasMark = text.startsWith(BYTE_ORDER_MARK);
            return new Content(hasMark ? text.substring(1) : text, hasMark, status);
        } catch (PosixException e) {
            throw new RefusedException("cannot be read: " + Errno.describe(e.errno()));
        } finally {
            FileDescriptors.close(fd);
        }
    }

    private static void check(FileStatus status, int refused) throws RefusedException {
        if (!status.isRegular()) {
            throw new RefusedException("is a " + status.kind() + ", not a regular file");
        }
        if (status.owner() != ROOT && status.owner() != Self.effectiveUser()) {
            throw new RefusedException("belongs to another user (uid " + Integer.toUnsignedString(status.owner())
                    + "), who could have commands run; use a file of your own or of root");
        }
        if ((status.permissions() & refused) != 0) {
            throw new RefusedException("can be written by other users (mode 0"
                    + Integer.toOctalString(status.permissions()) + "), who could have commands run; chmod go-w it");
        }
        if (status.size() > LARGEST) {
            throw tooLarge();
        }
    }

    /** To the end, not to the size: the file may grow, and some file systems do not know their files' sizes. */
    private static byte[] content(int fd) throws RefusedException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] piece = FileDescriptors.read(fd, PIECE);
                piece.length > 0;
                piece = FileDescriptors.read(fd, PIECE)) {
            content.writeBytes(piece);
            if (content.size() > LARGEST) {
                throw tooLarge();
            }
        }
        return content.toByteArray();
    }

    private static RefusedException tooLarge() {
        return new RefusedException("is larger than 1 MiB, and so is no configuration file");
    }

    private static String decode(byte[] content) throws RefusedException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new RefusedException("is not UTF-8 text");
        }
    }

    /**
     * What was read.
     *
     * @param text without a byte-order mark
     * @param hasMark whether there was one
     * @param status which file it is, behind all links
     */
    public record Content(String text, boolean hasMark, FileStatus status) {}

    /** Why a file is not read: half a sentence, after its name. */
    public static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String reason) {
            super(reason);
        }

        /** The half sentence, without anything that is in the file. */
        public String reason() {
            return String.valueOf(getMessage());
        }
    }
}
