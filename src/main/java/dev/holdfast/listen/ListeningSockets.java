package dev.holdfast.listen;

import dev.holdfast.command.Environment;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileNames;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.processes.Spawn;
import dev.holdfast.posix.sockets.ListeningSocket;
import dev.holdfast.settings.ListenAddress;
import dev.holdfast.settings.ListenSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The sockets of one instance. The server gets them as sd_listen_fds(3) has it, from descriptor 3 on, behind those that the
 * launcher's caller passes on that way; or the only one as descriptor 0. Not safe for use by many threads.
 */
public final class ListeningSockets implements AutoCloseable {
    private static final String COUNT = "LISTEN_FDS";
    private static final String NAMES = "LISTEN_FDNAMES";
    private static final String FOR_WHOM = "LISTEN_PID";
    /** What sd_listen_fds_with_names(3) calls one that has no name. */
    private static final String UNNAMED = "unknown";

    private final ListenSettings settings;
    /** How many the caller passes on: descriptors 3 and so on, here as in the server. */
    private final int callers;
    /** Our own, in the order of the settings. */
    private final List<Integer> own = new ArrayList<>();
    /** Files that are removed at the end, by path. */
    private final Map<String, FileStatus> files = new LinkedHashMap<>();

    private ListeningSockets(ListenSettings settings, int callers) {
        this.settings = settings;
        this.callers = callers;
    }

    /**
     * Opens them, or takes those that were handed over. To be called under the instance's lock.
     *
     * @param settings where they listen
     * @param environment the launcher's own
     * @param reserved a number that something else has in the server; 0 for none
     * @param handed what the last instance has handed over
     * @throws ListenException if one cannot be opened; those before it are closed again
     */
    public static ListeningSockets open(
            ListenSettings settings, Environment environment, int reserved, HandedSockets handed) {
        int callers = Self.listenedSockets(environment.value(FOR_WHOM), environment.value(COUNT));
        ListeningSockets sockets = new ListeningSockets(settings, callers);
        try {
            for (ListenAddress address : settings.addresses()) {
                sockets.add(address, handed, reserved);
            }
        } catch (ListenException e) {
            sockets.close();
            throw e;
        }
        return sockets;
    }

    private void add(ListenAddress address, HandedSockets handed, int reserved) {
        int taken = handed.take(address);
        int fd = taken >= 0 ? taken : SocketOpening.open(address);
        own.add(outOfTheWay(fd, reserved));
        if (address.isPath()) {
            FileStatus.ofName(address.path()).ifPresent(file -> files.put(address.path(), file));
        }
    }

    /** No number here may be one that another of them, or something else, gets in the server. */
    private int outOfTheWay(int fd, int reserved) {
        int lowest = FileDescriptors.FIRST_AFTER_STDERR
                + callers
                + settings.addresses().size();
        if (fd >= lowest && fd != reserved) {
            return fd;
        }
        int copy = FileDescriptors.duplicateAtOrAbove(fd, lowest);
        int apart = copy == reserved ? FileDescriptors.duplicateAtOrAbove(fd, copy + 1) : copy;
        if (apart != copy) {
            FileDescriptors.close(copy);
        }
        FileDescriptors.close(fd);
        return apart;
    }

    /**
     * The environment by which the server finds them. The variable that asked for them is not in it: it was asked of this
     * launcher, and not of one that the server may start.
     */
    public Environment addTo(Environment environment) {
        Environment changed = environment.without("HOLDFAST_LISTEN").without("HOLDFAST_LISTEN_STDIN");
        if (settings.asStdin()) {
            return changed.without(COUNT).without(NAMES).without(FOR_WHOM);
        }
        StringBuilder names = new StringBuilder();
        String given = callers == 0 ? "" : environment.value(NAMES);
        for (int i = 0; i < callers; i++) {
            String[] known = given.split(":", -1);
            names.append(i == 0 ? "" : ":").append(i < known.length && !known[i].isEmpty() ? known[i] : UNNAMED);
        }
        for (ListenAddress address : settings.addresses()) {
            names.append(names.isEmpty() ? "" : ":").append(address.name().isEmpty() ? UNNAMED : address.name());
        }
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put(COUNT, Integer.toString(callers + own.size()));
        variables.put(NAMES, names.toString());
        variables.put(FOR_WHOM, Integer.toString(Self.pid()));
        return changed.with(variables);
    }

    /** What the caller passed on, less what would stand where these belong, and, for stdin, less the only one. */
    public List<Integer> without(List<Integer> descriptors) {
        int from = settings.asStdin() ? FileDescriptors.FIRST_AFTER_STDERR : firstTarget();
        int end = settings.asStdin() ? from + callers : from + own.size();
        List<Integer> rest = new ArrayList<>(descriptors);
        rest.removeIf(fd -> fd >= from && fd < end);
        return rest;
    }

    private int firstTarget() {
        return FileDescriptors.FIRST_AFTER_STDERR + callers;
    }

    /** Passes them on; to be called as the last thing before the start. */
    public void passTo(Spawn spawn) {
        for (int[] moved : moves()) {
            spawn.passDescriptor(moved[0], moved[1]);
        }
    }

    /** Each socket's number here, and in the server. */
    public List<int[]> moves() {
        List<int[]> moves = new ArrayList<>();
        if (settings.asStdin()) {
            moves.add(new int[] {own.isEmpty() ? FileDescriptors.FIRST_AFTER_STDERR : own.get(0), 0});
            return moves;
        }
        for (int i = 0; i < own.size(); i++) {
            moves.add(new int[] {own.get(i), firstTarget() + i});
        }
        return moves;
    }

    /**
     * Lets accept(2) on our own block, as on new ones: a server may have changed that. To be called only when no server has
     * them, for it belongs to the open socket.
     */
    public void makeBlocking() {
        for (int fd : own) {
            ListeningSocket.makeBlocking(fd);
        }
    }

    /** All of them, for a launcher that is to take this one's place. They stay open here. */
    public List<Integer> descriptors() {
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            all.add(FileDescriptors.FIRST_AFTER_STDERR + i);
        }
        all.addAll(own);
        return all;
    }

    /** Another launcher has them now, and so their files. */
    public void handedOver() {
        files.clear();
    }

    /** Closes our own, and removes their files, unless they were replaced. */
    @Override
    public void close() {
        for (Map.Entry<String, FileStatus> file : files.entrySet()) {
            FileStatus named = FileStatus.ofName(file.getKey()).orElse(null);
            if (named != null && named.isSameFile(file.getValue())) {
                FileNames.unlink(file.getKey());
            }
        }
        files.clear();
        for (int fd : own) {
            FileDescriptors.close(fd);
        }
        own.clear();
    }
}
