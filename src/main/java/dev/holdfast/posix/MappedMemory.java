package dev.holdfast.posix;

import com.kenai.jffi.MemoryIO;
import java.util.Objects;

/**
 * A piece of anonymous memory from mmap(2), outside the heap and outside malloc(3)'s, zeroed. A page of it exists once
 * it was written to, and {@link #close} gives all of them back to the system at once, which malloc(3) does only for
 * what it has not yet learnt to keep. Not safe for use by many threads.
 */
public final class MappedMemory implements AutoCloseable {

    private static final MemoryIO MEMORY = MemoryIO.getInstance();

    private final int size;
    private long address;

    private MappedMemory(long address, int size) {
        this.address = address;
        this.size = size;
    }

    /**
     * Maps a piece.
     *
     * @param size how many bytes; at least one
     * @throws PosixException if there is none: ENOMEM
     */
    public static MappedMemory allocate(int size) {
        long mapped = Libc.call(
                Libc.symbol("mmap"),
                0,
                size,
                Abi.PROT_READ | Abi.PROT_WRITE,
                Abi.MAP_PRIVATE | Abi.MAP_ANONYMOUS,
                -1,
                0);
        if (mapped == -1) {
            throw new PosixException(Libc.errno(), "mmap", Integer.toString(size));
        }
        return new MappedMemory(mapped, size);
    }

    /** How many bytes it has. */
    public int size() {
        return size;
    }

    /**
     * Where a part of it is, for a system call.
     *
     * @param offset its first byte
     * @param length how many follow
     * @throws IndexOutOfBoundsException if it is not a part
     * @throws IllegalStateException if it was closed
     */
    public long address(int offset, int length) {
        Objects.checkFromIndexSize(offset, length, size);
        if (address == 0) {
            throw new IllegalStateException("closed");
        }
        return address + offset;
    }

    /** The byte at an offset, as a number from 0 to 255. */
    public int unsignedByte(int offset) {
        return MEMORY.getByte(address(offset, 1)) & 0xff;
    }

    /** A copy of a part. */
    public byte[] bytes(int offset, int length) {
        byte[] bytes = new byte[length];
        MEMORY.getByteArray(address(offset, length), bytes, 0, length);
        return bytes;
    }

    /** Copies a part into an array that is there. */
    public void copy(int offset, byte[] into, int at, int length) {
        MEMORY.getByteArray(address(offset, length), into, at, length);
    }

    /** Puts bytes into it. */
    public void put(int offset, byte[] bytes) {
        put(offset, bytes, 0, bytes.length);
    }

    /** Puts a part of an array into it. */
    public void put(int offset, byte[] bytes, int from, int length) {
        MEMORY.putByteArray(address(offset, length), bytes, from, length);
    }

    /** Does nothing the second time. */
    @Override
    public void close() {
        if (address != 0) {
            var unused = Libc.call(Libc.symbol("munmap"), address, size);
            address = 0;
        }
    }
}
