package dev.holdfast.posix.signals;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.Libc;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.Pipe;

/**
 * A signal that the kernel sends to a process or a process group when this process ends, however it ends: a
 * parent-death signal that needs nothing of that process.
 *
 * <p>A pipe whose writing end is open here only. When this process dies, the kernel closes it, and tells the owner of
 * the reading end by the signal that was asked for, fcntl(2) F_SETOWN, F_SETSIG and O_ASYNC. Compared with
 * PR_SET_PDEATHSIG, which only the process itself can set: no setpriv(1) in front of it, which would hide why a program
 * cannot be executed and costs an exec; it outlives an exec of a set-user-id program of the same user; and it depends
 * on this process, not on the thread that started the other one. The kernel lets it through when the thread that aimed
 * it had the other's user, or was root outside of all user namespaces.
 *
 * <p>The process shall inherit the reading end, so that it is open at that moment in any case. It is open here as well,
 * for processes that close what they inherit: of descriptors that a death closes Linux releases the higher one first.
 *
 * <p>Not safe for use by many threads.
 */
public final class DeathSignal implements AutoCloseable {
    /** Above descriptors that are passed on under fixed numbers. */
    private static final int FIRST_OWN = 3;

    private final long fcntl = Libc.symbol("fcntl");
    private final int readingEnd;
    private final int writingEnd;

    private DeathSignal(int readingEnd, int writingEnd) {
        this.readingEnd = readingEnd;
        this.writingEnd = writingEnd;
    }

    /**
     * A signal that nobody will get yet.
     *
     * @param lowest the smallest number that its descriptors may have
     * @param signal what it is
     * @throws PosixException if there are no descriptors left, or the kernel refuses
     */
    public static DeathSignal create(int lowest, int signal) {
        try (Pipe pipe = Pipe.open()) {
            int readingEnd = FileDescriptors.duplicateAtOrAbove(pipe.readEnd(), Math.max(FIRST_OWN, lowest));
            DeathSignal death =
                    new DeathSignal(readingEnd, FileDescriptors.duplicateAtOrAbove(pipe.writeEnd(), readingEnd + 1));
            Libc.checked(Libc.call(death.fcntl, readingEnd, Abi.F_SETSIG, signal), "fcntl", "Abi.F_SETSIG");
            return death;
        }
    }

    /** The end that the process shall inherit. */
    public int descriptor() {
        return readingEnd;
    }

    /**
     * Names the process. Whoever ended before this call gets nothing, and a launcher that dies between
     * the start of a process and this call leaves it running: some microseconds, and on a busy machine for as long as
     * this process waits for a processor. It cannot be done before the start: the kernel takes only a process or a
     * group that there is already, and posix_spawn(3) returns after the exec. A program in between that waits for it
     * would cost each start one more exec.
     *
     * @param pid a child that has not been reaped; negated, all of the process group that it leads, also after its end
     * @throws PosixException if the kernel refuses
     */
    public void aimAt(int pid) {
        Libc.checked(Libc.call(fcntl, readingEnd, Abi.F_SETOWN, pid), "fcntl", "Abi.F_SETOWN");
        Libc.checked(Libc.call(fcntl, readingEnd, Abi.F_SETFL, Abi.O_ASYNC), "fcntl", "Abi.O_ASYNC");
    }

    /** Takes it back: nobody gets a signal any more. */
    @Override
    public void close() {
        var unused = Libc.call(fcntl, readingEnd, Abi.F_SETFL, 0);
        FileDescriptors.close(readingEnd);
        FileDescriptors.close(writingEnd);
    }
}
