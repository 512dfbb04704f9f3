package dev.holdfast.advisory;

import static dev.holdfast.posix.files.FileDescriptors.O_CREAT;
import static dev.holdfast.posix.files.FileDescriptors.O_EXCL;
import static dev.holdfast.posix.files.FileDescriptors.O_NOFOLLOW;
import static dev.holdfast.posix.files.FileDescriptors.O_RDWR;

import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileNames;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.files.Inotify;
import dev.holdfast.posix.files.PollSet;
import dev.holdfast.posix.processes.Self;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Tests with two processes what locks are worth in a folder. Makes one file there, and removes it. */
public final class LockProbe {
    private static final int EVENT_MILLIS = 2000;

    private final String path;
    private final List<Check> checks = new ArrayList<>();

    /**
     * A trial that has touched nothing yet.
     *
     * @param folder where the locks are to be
     */
    public LockProbe(String folder) {
        path = folder + "/.holdfast-probe-" + Self.pid() + "-" + Integer.toHexString(Self.randomBits());
    }

    /**
     * One thing that was tested.
     *
     * @param key for programs
     * @param text for people
     * @param needed whether a lock is worth nothing without it
     * @param holds whether it is so
     * @param problem what was seen instead; empty when it holds
     */
    public record Check(String key, String text, boolean needed, boolean holds, String problem) {}

    /**
     * Tests everything. Blocks for about a second.
     *
     * @throws PosixException if no file can be made in the folder
     */
    public List<Check> run() {
        make();
        try (ProbeHand hand = new ProbeHand(path);
                ProbePeer peer = ProbePeer.start(path, -1)) {
            exclusion(hand, peer);
            surprises(hand, peer);
            replacement(hand);
            event(peer);
            inheritance(hand, peer);
            death(hand, peer);
        } finally {
            FileNames.unlink(path);
        }
        return checks;
    }

    private void make() {
        int fd = FileDescriptors.open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
        if (fd < 0) {
            throw new PosixException(-fd, "open", path);
        }
        FileDescriptors.close(fd);
    }

    private void exclusion(ProbeHand hand, ProbePeer peer) {
        check(
                "exclusive",
                "an exclusive lock excludes other processes",
                true,
                () -> expect(
                        hand.obey("exclusive"),
                        ProbeHand.GRANTED,
                        peer.ask("exclusive"),
                        ProbeHand.REFUSED,
                        peer.ask("shared"),
                        ProbeHand.REFUSED));
        free(hand, peer);
        check(
                "shared",
                "shared locks go together, and exclude an exclusive one",
                true,
                () -> expect(
                        hand.obey("shared"),
                        ProbeHand.GRANTED,
                        peer.ask("shared"),
                        ProbeHand.GRANTED,
                        peer.ask("exclusive"),
                        ProbeHand.REFUSED));
        free(hand, peer);
        check(
                "byte",
                "so does a lock on one byte, for holdfast run",
                true,
                () -> expect(hand.obey("byte"), ProbeHand.GRANTED, peer.ask("byte"), ProbeHand.REFUSED));
        free(hand, peer);
    }

    private void surprises(ProbeHand hand, ProbePeer peer) {
        check(
                "other-close",
                "closing another descriptor of the file does not lose the lock",
                true,
                () -> expect(
                        hand.obey("exclusive"),
                        ProbeHand.GRANTED,
                        hand.obey("touch"),
                        ProbeHand.GRANTED,
                        peer.ask("exclusive"),
                        ProbeHand.REFUSED));
        free(hand, peer);
    }

    private void replacement(ProbeHand hand) {
        check("replaced", "a file that is removed or replaced under its holder is noticed", true, () -> {
            String taken = hand.obey("exclusive");
            FileStatus held = FileStatus.ofDescriptor(hand.lastDescriptor());
            boolean same = FileStatus.ofName(path).filter(held::isSameFile).isPresent();
            FileNames.unlink(path);
            boolean gone = FileStatus.ofName(path).isEmpty();
            make();
            boolean other = FileStatus.ofName(path).filter(held::isSameFile).isEmpty();
            hand.close();
            return !taken.equals(ProbeHand.GRANTED)
                    ? taken
                    : same && gone && other ? "" : "device and inode do not tell one file from another";
        });
    }

    private void event(ProbePeer peer) {
        check(
                "event",
                "another process's close is told at once; otherwise those who wait look each second",
                false,
                () -> {
                    try (Inotify events = Inotify.open();
                            PollSet poll = new PollSet(1)) {
                        events.watch(path);
                        poll.add(events.descriptor(), PollSet.READABLE);
                        String touched = peer.ask("touch");
                        return !touched.equals(ProbeHand.GRANTED)
                                ? touched
                                : poll.await(EVENT_MILLIS) > 0 ? "" : "inotify tells nothing";
                    }
                });
    }

    private void inheritance(ProbeHand hand, ProbePeer peer) {
        check("inherited", "a program that inherits the descriptor holds the lock on, until its end", true, () -> {
            String taken = hand.obey("exclusive");
            try (ProbePeer heir = ProbePeer.start(path, hand.lastDescriptor())) {
                String alive = heir.ask("touch");
                hand.close();
                String meanwhile = peer.ask("exclusive");
                heir.kill();
                return expect(
                        taken,
                        ProbeHand.GRANTED,
                        alive,
                        ProbeHand.GRANTED,
                        meanwhile,
                        ProbeHand.REFUSED,
                        peer.ask("exclusive"),
                        ProbeHand.GRANTED);
            }
        });
        free(hand, peer);
    }

    private void death(ProbeHand hand, ProbePeer peer) {
        check("death", "a lock is freed when its holder is killed", true, () -> {
            String taken = peer.ask("exclusive");
            String before = hand.obey("exclusive");
            peer.kill();
            return expect(
                    taken, ProbeHand.GRANTED, before, ProbeHand.REFUSED, hand.obey("exclusive"), ProbeHand.GRANTED);
        });
    }

    private static void free(ProbeHand hand, ProbePeer peer) {
        hand.close();
        String unused = peer.ask("free");
    }

    private void check(String key, String text, boolean needed, Supplier<String> test) {
        String problem;
        try {
            problem = test.get();
        } catch (PosixException e) {
            problem = String.valueOf(e.getMessage());
        }
        checks.add(new Check(key, text, needed, problem.isEmpty(), problem));
    }

    /** Pairs of what came and what should have; empty when all are equal. */
    private static String expect(String... pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            if (!pairs[i].equals(pairs[i + 1])) {
                return "step " + (i / 2 + 1) + " was " + pairs[i] + ", not " + pairs[i + 1];
            }
        }
        return "";
    }
}
