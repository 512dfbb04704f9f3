package dev.holdfast.posix.sockets;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.Libc;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileNames;
import dev.holdfast.posix.files.FileStatus;
import java.util.Optional;

/**
 * A stream socket that listens at a path, for this user only. Not safe for use by many threads.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/unix.7.html">unix(7)</a>
 */
public final class UnixListener implements AutoCloseable {
    private static final int OWNER_ONLY = 0600;
    private static final int GROUP_AND_OTHERS = 077;
    /** How many may wait to be accepted. */
    private static final int BACKLOG = 8;

    private final int fd;
    private final String path;
    private final FileStatus file;

    private UnixListener(int fd, String path, FileStatus file) {
        this.fd = fd;
        this.path = path;
        this.file = file;
    }

    /**
     * Binds and listens. The file has mode 0600 from its first instant, and nobody can connect before it was looked at.
     * A link at the path is not followed.
     *
     * @param path where; nothing may be there
     * @return the socket
     * @throws PosixException if it cannot be: EADDRINUSE when something stands there
     */
    public static UnixListener bind(String path) {
        int fd = Libc.checked(
                Libc.call(
                        Libc.symbol("socket"), Abi.AF_UNIX, Abi.SOCK_STREAM | Abi.SOCK_NONBLOCK | Abi.SOCK_CLOEXEC, 0),
                "socket",
                "");
        boolean bound = false;
        try (UnixAddress address = UnixAddress.of(path)) {
            // Of the unbound socket: bind(2) gives the file this mode less the umask, which is the whole process's.
            var unused = Libc.call(Libc.symbol("fchmod"), fd, OWNER_ONLY);
            Libc.checked(Libc.call(Libc.symbol("bind"), fd, address.address(), address.length()), "bind", path);
            bound = true;
            FileStatus file = FileStatus.ofName(path).orElse(null);
            if (file == null || !file.isSocket() || (file.permissions() & GROUP_AND_OTHERS) != 0) {
                throw new PosixException(Errno.EPERM, "bind", path); // a file system without modes, or without sockets
            }
            Libc.checked(Libc.call(Libc.symbol("listen"), fd, BACKLOG), "listen", path);
            return new UnixListener(fd, path, file);
        } catch (PosixException e) {
            FileDescriptors.close(fd);
            if (bound) {
                FileNames.unlink(path);
            }
            throw e;
        }
    }

    /**
     * The descriptor to poll.
     *
     * @return its number
     */
    public int descriptor() {
        return fd;
    }

    /**
     * Takes the next connection. Never blocks.
     *
     * @return its descriptor, or the negated error number: EAGAIN when there is none
     */
    public int accept() {
        int accepted = (int) Libc.call(Libc.symbol("accept4"), fd, 0, 0, Abi.SOCK_NONBLOCK | Abi.SOCK_CLOEXEC);
        return accepted >= 0 ? accepted : -Libc.errno();
    }

    /**
     * Whether its path still leads to it.
     *
     * @return false when the file was removed or replaced
     */
    public boolean isStillAtPath() {
        Optional<FileStatus> named = FileStatus.ofName(path);
        return named.isPresent() && named.get().isSameFile(file);
    }

    /** Also removes the file, unless it was replaced. */
    @Override
    public void close() {
        if (isStillAtPath()) {
            FileNames.unlink(path);
        }
        FileDescriptors.close(fd);
    }
}
