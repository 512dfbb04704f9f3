package dev.holdfast.testkit;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The referee of contenders for an advisory lock: memory that all of them share, threads and processes alike. Each has a
 * slot, says there that it is inside, and looks whether somebody else says so, too. Who was killed inside does not count.
 */
public final class LockTable {
    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final int SLOTS = 64;
    private static final int SLOT_SIZE = 16;
    private static final int LOG = SLOTS * SLOT_SIZE;
    private static final int ENTRIES = 1 << 17;
    private static final int OVERLAPS = LOG + 8 * (ENTRIES + 1);
    private static final long READING = 1;
    private static final long WRITING = 2;
    private static final long DEATH_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final ByteBuffer memory;

    /** Opens the table in a file, making it when it is not there. */
    public LockTable(Path file) {
        try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
            memory = opened.getChannel().map(FileChannel.MapMode.READ_WRITE, 0, OVERLAPS + 8L);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Says that a contender is inside.
     *
     * @param came how many {@link #entries} there were when it began to wait
     * @return false when another one is inside, with whom it does not go
     */
    public boolean enter(int slot, boolean writing, long came) {
        LONGS.setVolatile(memory, slot * SLOT_SIZE, ProcessHandle.current().pid());
        LONGS.setVolatile(memory, slot * SLOT_SIZE + 8, writing ? WRITING : READING);
        boolean alone = true;
        for (int other = 0; other < SLOTS; other++) {
            long state = (long) LONGS.getVolatile(memory, other * SLOT_SIZE + 8);
            if (other != slot && state != 0 && (writing || state == WRITING)) {
                alone &= isDying(other, (long) LONGS.getVolatile(memory, other * SLOT_SIZE));
            }
        }
        if (!alone) {
            var unused = (long) LONGS.getAndAdd(memory, OVERLAPS, 1L);
        }
        if (writing) {
            long entry = (long) LONGS.getVolatile(memory, LOG);
            LONGS.setVolatile(memory, LOG, entry + 1);
            LONGS.setVolatile(memory, LOG + 8 * (1 + (int) (entry % ENTRIES)), entry - came);
        }
        return alone;
    }

    /** The kernel frees the locks of a killed process before it is seen to be dead. */
    private boolean isDying(int slot, long pid) {
        long end = System.nanoTime() + DEATH_NANOS;
        while (pid == (long) LONGS.getVolatile(memory, slot * SLOT_SIZE) && Processes.isAlive(pid)) {
            if (pid == ProcessHandle.current().pid() || System.nanoTime() > end) {
                return false;
            }
            LockSupport.parkNanos(1_000_000);
        }
        return true;
    }

    /** Says that a contender leaves. */
    public void leave(int slot) {
        LONGS.setVolatile(memory, slot * SLOT_SIZE + 8, 0L);
    }

    /** How many times two were inside that do not go together. */
    public long overlaps() {
        return (long) LONGS.getVolatile(memory, OVERLAPS);
    }

    /** How many times somebody was inside to write. */
    public long entries() {
        return (long) LONGS.getVolatile(memory, LOG);
    }

    /** How many were inside to write while each one waited, the longest waits last. */
    public List<Long> waits() {
        List<Long> waits = new ArrayList<>();
        for (int entry = 0; entry < Math.min(entries(), ENTRIES); entry++) {
            waits.add((long) LONGS.getVolatile(memory, LOG + 8 * (1 + entry)));
        }
        Collections.sort(waits);
        return waits;
    }
}
