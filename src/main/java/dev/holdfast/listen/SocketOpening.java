package dev.holdfast.listen;

import dev.holdfast.lock.file.SocketFile;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.sockets.ListeningSocket;
import dev.holdfast.posix.sockets.UnixStream;
import dev.holdfast.settings.ListenAddress;

/** Opens one socket, or tells in one line why that cannot be. */
final class SocketOpening {
    private static final int FIRST_OF_ALL = 1024;

    private SocketOpening() {}

    /** Whether a descriptor is the socket that would be opened at an address. */
    static boolean isAt(int fd, ListenAddress address) {
        if (address.isPath()) {
            return ListeningSocket.isAt(fd, address.path())
                    && FileStatus.ofName(address.path())
                            .map(FileStatus::isSocket)
                            .orElse(false);
        }
        byte[] host = address.host().isEmpty() ? new byte[0] : ListeningSocket.address(address.host());
        return ListeningSocket.isAt(fd, host, address.port());
    }

    /**
     * Binds and listens.
     *
     * @return its descriptor, whatever number that has
     * @throws ListenException if it cannot be
     */
    static int open(ListenAddress address) {
        try {
            if (address.isPath()) {
                return atPath(address.path());
            }
            return address.host().isEmpty()
                    ? ListeningSocket.bindAll(address.port())
                    : ListeningSocket.bind(ListeningSocket.address(address.host()), address.port());
        } catch (PosixException e) {
            throw refused(address, e.errno());
        }
    }

    /** What a killed launcher has left is replaced; to be called under the instance's lock. */
    private static int atPath(String path) {
        String living = listener(path);
        if (!living.isEmpty()) {
            throw new ListenException(ListenException.Reason.IN_USE, text(path, living + " listens there already"));
        }
        String obstacle = new SocketFile(path).clear().orElse("");
        if (!obstacle.isEmpty()) {
            throw new ListenException(ListenException.Reason.NOT_MADE, text(path, obstacle + " stands there"));
        }
        return ListeningSocket.bind(path);
    }

    /** Who listens at a path; empty for nobody. */
    private static String listener(String path) {
        if (!FileStatus.ofName(path).map(FileStatus::isSocket).orElse(false)) {
            return "";
        }
        try (UnixStream stream = UnixStream.connect(path)) {
            int pid = stream.peer().pid();
            return pid > 0 ? "pid " + pid : "a process of another container";
        } catch (PosixException e) {
            return e.errno() == Errno.EAGAIN ? "a process that is busy" : "";
        }
    }

    private static ListenException refused(ListenAddress address, int errno) {
        String where = address.toString();
        if (errno == Errno.EADDRINUSE) {
            return new ListenException(
                    ListenException.Reason.IN_USE, text(where, holder(address) + " listens there already"));
        }
        if (errno == Errno.EACCES || errno == Errno.EPERM) {
            String why = !address.isPath() && address.port() < FIRST_OF_ALL
                    ? "ports below 1024 are for root and those who have CAP_NET_BIND_SERVICE; as root, --user lets the"
                            + " server run as another"
                    : Errno.describe(errno) + " for uid " + Self.effectiveUser();
            return new ListenException(ListenException.Reason.NOT_PERMITTED, text(where, why));
        }
        ListenException.Reason reason =
                address.isPath() ? ListenException.Reason.NOT_MADE : ListenException.Reason.SYSTEM;
        String why = errno == Errno.EADDRNOTAVAIL ? "this machine has no such address" : Errno.describe(errno);
        return new ListenException(reason, text(where, why));
    }

    private static String holder(ListenAddress address) {
        String holder = address.isPath() ? "" : PortHolder.describe(address.port());
        return holder.isEmpty() ? "another process" : holder;
    }

    private static String text(String where, String why) {
        return "cannot listen on " + where + ": " + why;
    }
}
