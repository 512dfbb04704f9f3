package dev.holdfast.command;

import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.processes.Spawn;
import java.util.ArrayList;
import java.util.List;

/**
 * The descriptors above 2 that a command inherits: those that the caller passed on, under their own numbers, and ours,
 * out of their way.
 *
 * <p>The caller's were open before the JVM, so nothing of the JVM's has their numbers. The launcher keeps them open, for
 * further starts.
 *
 * <p>Ours lie at the top, where no program looks for what it was given: from 16 below the limit of open files on, or
 * below 1024, since select(2) reaches no further. Never below 16 and never next to one of the caller's, where there is
 * room: Node closes 0 to 15, and from there on all without a gap. Not safe for use by many threads.
 */
public final class Inheritance {
    private static final int MOST_OF_SELECT = 1024;
    private static final int ROOM = 16;
    private static final int LOWEST = 16;
    private final List<Integer> callers;
    private final List<Integer> copies = new ArrayList<>(4);
    /** Numbers that ours will have in the program. */
    private final List<Integer> targets = new ArrayList<>(3);

    /** The number that something else has in the program; 0 for none. */
    private int reserved;

    private final int top = top();

    private static int top() {
        return Math.min(FileDescriptors.limit(), MOST_OF_SELECT);
    }

    /** Of a caller that passed these on. */
    public Inheritance(List<Integer> callers) {
        this.callers = callers;
    }

    /**
     * Keeps a number for something of its own: neither the caller's nor ours come to lie there.
     *
     * @param number the number in the program
     */
    public void reserve(int number) {
        reserved = number;
    }

    /** Has the program get what the caller passed on. */
    public void passCallers(Spawn spawn) {
        for (int fd : callers) {
            if (fd != reserved) {
                spawn.passDescriptor(fd, fd);
            }
        }
    }

    /**
     * Where the next one of ours belongs. In this process the number is free, or it has been given to something of the
     * JVM's, and the next free one is as good.
     */
    int lowest() {
        int from = Math.max(LOWEST, top - ROOM);
        for (int fd = from; fd < top - 1; fd++) {
            if (isApart(fd) && !targets.contains(fd) && !FileDescriptors.isOpen(fd)) {
                return fd;
            }
        }
        for (int fd = Math.min(from, top - 1); fd >= LOWEST; fd--) {
            if (isApart(fd) && !targets.contains(fd) && !FileDescriptors.isOpen(fd)) {
                return fd;
            }
        }
        return FileDescriptors.FIRST_AFTER_STDERR; // no room: wherever one is free
    }

    private boolean isApart(int fd) {
        for (int other : callers) {
            if (Math.abs(other - fd) <= 1) {
                return false;
            }
        }
        return reserved == 0 || Math.abs(reserved - fd) > 1;
    }

    /**
     * Has the program get one of ours where it belongs. The number is free here, and is given in the child only: in this
     * process, with its many threads, a table of descriptors that grows waits for all processors (synchronize_rcu() in the
     * kernel's file.c), 10 to 20 ms.
     *
     * @param spawn the program's start
     */
    public void pass(Spawn spawn, int fd) {
        int target = lowest();
        if (target == FileDescriptors.FIRST_AFTER_STDERR) {
            int copy = copy(fd);
            spawn.passDescriptor(copy, copy);
        } else {
            targets.add(target);
            spawn.passDescriptor(fd, target);
        }
    }

    /**
     * A copy of one of ours, where it belongs, closed by {@link #closeCopies}. The command gets it under this number.
     *
     * @param fd the descriptor
     */
    public int copy(int fd) {
        int copy = FileDescriptors.duplicateAtOrAbove(fd, lowest());
        if (copy == reserved) {
            copies.add(copy);
            copy = FileDescriptors.duplicateAtOrAbove(fd, copy + 1);
        }
        copies.add(copy);
        return copy;
    }

    /** Closes them here. */
    public void closeCopies() {
        for (int copy : copies) {
            FileDescriptors.close(copy);
        }
        copies.clear();
        targets.clear();
    }

    /** The caller's and the copies: what is kept over an exec. */
    public List<Integer> kept() {
        List<Integer> kept = new ArrayList<>(callers);
        kept.addAll(copies);
        return kept;
    }
}
