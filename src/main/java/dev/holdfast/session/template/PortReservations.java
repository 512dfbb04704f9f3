package dev.holdfast.session.template;

import dev.holdfast.config.InstanceName;
import dev.holdfast.console.ExitCode;
import dev.holdfast.lock.AdvisoryLock;
import dev.holdfast.lock.Hold;
import dev.holdfast.lock.LockTimeoutException;
import dev.holdfast.lock.NetworkLocks;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.sockets.ListeningSocket;
import dev.holdfast.session.OwnFiles;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionsFolder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * The TCP ports that a session keeps for its servers, by names: in the file {@code pids/SESSION/ports} of the sessions folder, a line
 * for each. They are the session's for as long as that file is there.
 *
 * <p><b>What holds.</b> A name has the same port for the life of its session. No two names of one sessions folder have the same one,
 * whatever is reserved at the same time. When it was chosen, nobody had it on any address of this network namespace. It lies outside
 * of the range from which the kernel gives ports to whoever asks for any ({@link PortRanges}), so that no outgoing connection and no
 * {@code bind(0)} gets it, before the server has bound it and while the server restarts.
 *
 * <p><b>What does not hold.</b> Nothing keeps the port bound between the reservation and the server's start, since the command that
 * reserves ends before. A program that asks for this very number gets it, and so may somebody who reserves in another sessions
 * folder, such as another user's; choices begin at random, so that these seldom meet. Then the server's bind(2) fails. UDP is not
 * looked at. Where the kernel's range has all ports, any may be given away by chance.
 *
 * <p>On a crash: the file is as it was before or has the new port; the lock is free. Not safe for use by many threads; many processes
 * may have the same folder.
 */
public final class PortReservations {
    private static final String FILE = "/ports";
    private static final String LOCK = "ports.lock";

    private final SessionsFolder folder;
    private final Session session;
    private final PortRanges ranges;
    private final IntPredicate isFree;
    private final Random random = new Random();

    /**
     * Those of a session.
     *
     * @param folder that of all sessions
     * @param session it has begun before a port is reserved
     */
    public PortReservations(SessionsFolder folder, Session session) {
        this(folder, session, PortRanges.ofThisMachine(), PortReservations::isFree);
    }

    PortReservations(SessionsFolder folder, Session session, PortRanges ranges, IntPredicate isFree) {
        this.folder = folder;
        this.session = session;
        this.ranges = ranges;
        this.isFree = isFree;
    }

    /** What this session has reserved, by name. Lines that cannot be read are passed over. */
    public Map<String, Integer> reserved() {
        return read(session);
    }

    /**
     * Reserves ports, or finds those that have been reserved. Blocks for others who do the same, for five seconds at the most.
     *
     * @param names of letters, digits, dots, underscores and hyphens
     * @return all that the session has, with these
     * @throws TemplateException if no port is left, or the others take too long
     * @throws dev.holdfast.session.SessionException if the file cannot be written
     */
    public Map<String, Integer> reserve(Collection<String> names) {
        Map<String, Integer> ports = read(session);
        if (ports.keySet().containsAll(names)) {
            return ports;
        }
        try (AdvisoryLock lock = AdvisoryLock.exclusive(Path.of(folder.path(), LOCK), NetworkLocks.ALLOW);
                Hold hold = lock.acquire()) {
            ports = read(session);
            add(ports, names);
            if (!hold.isHeld()) {
                throw TemplateException.of(
                        ExitCode.UNAVAILABLE, "cannot reserve ports: \"" + lock.path() + "\" was removed meanwhile");
            }
            OwnFiles.write(session.pids() + FILE, text(ports).getBytes(StandardCharsets.US_ASCII));
            return ports;
        } catch (LockTimeoutException e) {
            throw TemplateException.of(ExitCode.UNAVAILABLE, "cannot reserve ports: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw TemplateException.of(ExitCode.UNAVAILABLE, "cannot reserve ports: interrupted");
        }
    }

    private void add(Map<String, Integer> ports, Collection<String> names) {
        BitSet taken = takenByAll();
        for (String name : names) {
            if (!ports.containsKey(name)) {
                int port = free(taken)
                        .orElseThrow(
                                () -> TemplateException.of(
                                        ExitCode.UNAVAILABLE,
                                        "no TCP port is left for \"" + name + "\": " + taken.cardinality()
                                                + " are reserved by sessions; holdfast session cleanup frees those of dead ones"));
                taken.set(port);
                ports.put(name, port);
            }
        }
    }

    private Optional<Integer> free(BitSet taken) {
        for (PortRanges.Range range : ranges.usable()) {
            int begin = random.nextInt(range.size());
            for (int i = 0; i < range.size(); i++) {
                int port = range.first() + (begin + i) % range.size();
                if (!taken.get(port) && !ranges.reserved().get(port) && isFree.test(port)) {
                    return Optional.of(port);
                }
            }
        }
        return Optional.empty();
    }

    /** Of all sessions, also dead ones: their servers may live. */
    private BitSet takenByAll() {
        BitSet taken = new BitSet();
        for (Session each : folder.sessions()) {
            read(each).values().forEach(taken::set);
        }
        return taken;
    }

    private static Map<String, Integer> read(Session session) {
        Map<String, Integer> ports = new TreeMap<>();
        for (String line : content(session).split("\n", -1)) {
            int space = line.indexOf(' ');
            String name = line.substring(0, Math.max(0, space));
            int port = PortRanges.number(line.substring(space + 1));
            if (InstanceName.isValid(name) && port > 0) {
                ports.putIfAbsent(name, port);
            }
        }
        return ports;
    }

    private static String content(Session session) {
        try {
            return OwnFiles.read(session.pids() + FILE)
                    .map(bytes -> new String(bytes, StandardCharsets.US_ASCII))
                    .orElse("");
        } catch (OwnFiles.Unreadable e) {
            return "";
        }
    }

    private static String text(Map<String, Integer> ports) {
        StringBuilder text = new StringBuilder();
        ports.forEach((name, port) -> text.append(name).append(' ').append(port).append('\n'));
        return text.toString();
    }

    /** Whether nobody listens there, on IPv4 or IPv6, now. */
    static boolean isFree(int port) {
        try {
            FileDescriptors.close(ListeningSocket.bindAll(port));
            return true;
        } catch (PosixException e) {
            return false; // in use, or not to be had without rights
        }
    }
}
