package dev.holdfast.supervise;

import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.Pipe;
import dev.holdfast.posix.files.PollSet;
import org.jspecify.annotations.Nullable;

/**
 * The pipe by which a server says that it is ready, as s6 has it: it writes a newline to a descriptor of a known number,
 * and closes it. A source of the loop. Each start gets a pipe of its own, so that no word of an earlier server counts for a later one.
 *
 * <p>Whatever comes before the newline is passed over. Nothing more is read after it. Not safe for use by many threads.
 *
 * @see <a href="https://skarnet.org/software/s6/notifywhenup.html">s6: service startup notifications</a>
 */
public final class ReadyPipe implements EventSource, AutoCloseable {
    /** So much is read in one turn of the loop. */
    private static final int AT_ONCE = 4096;

    private static final int NONE = -1;

    private final int number;
    private final int seat;
    private int readEnd = NONE;
    private int writeEnd = NONE;
    private @Nullable Supervisor supervisor;

    /**
     * None yet.
     *
     * @param number the number of the descriptor in the server
     */
    public ReadyPipe(int number) {
        this(number, 0);
    }

    /**
     * None yet.
     *
     * @param number the number of the descriptor in the server
     * @param seat by what the supervisor knows that server
     */
    public ReadyPipe(int number, int seat) {
        this.number = number;
        this.seat = seat;
    }

    /**
     * Becomes a source of the loop, and tells of what comes from now on.
     *
     * @param newSupervisor whose server it is
     */
    public void join(Supervisor newSupervisor) {
        supervisor = newSupervisor;
        newSupervisor.add(this);
    }

    /** Its server has gone, or says by another one that it is ready. */
    public void leave() {
        if (supervisor != null) {
            supervisor.remove(this);
        }
        close();
    }

    /** Which descriptor it is in the server. */
    public int number() {
        return number;
    }

    /**
     * Makes the pipe of the next start.
     *
     * @return the end that the server gets
     */
    public int open() {
        close();
        Pipe pipe = Pipe.open();
        readEnd = pipe.readEnd();
        writeEnd = pipe.writeEnd();
        return writeEnd;
    }

    /** The start was made: from now on only the server has the writing end, so that its closing is seen. */
    public void handedOver() {
        writeEnd = closed(writeEnd);
    }

    @Override
    public boolean isBeforeReaping() {
        return true;
    }

    @Override
    public void arm(PollSlots slots) {
        slots.watch(0, readEnd, PollSet.READABLE);
    }

    @Override
    public void serve(PollSlots slots) {
        if (supervisor != null && slots.returned(0) != 0) {
            read(supervisor);
        }
    }

    /** Once, after poll(2) has found something: nothing to read is the end then. Tells the newline, or the end, once. */
    private void read(Supervisor reader) {
        byte[] bytes = FileDescriptors.read(readEnd, AT_ONCE);
        for (byte b : bytes) {
            if (b == '\n') {
                close(); // as s6 does: a server that goes on writing gets the same answer as there
                reader.servers().readiness(seat).newlineCame();
                return;
            }
        }
        if (bytes.length == 0) {
            close();
            reader.servers().endedWithoutNewline(seat, number);
        }
    }

    private static int closed(int fd) {
        if (fd != NONE) {
            FileDescriptors.close(fd);
        }
        return NONE;
    }

    @Override
    public void close() {
        readEnd = closed(readEnd);
        writeEnd = closed(writeEnd);
    }
}
