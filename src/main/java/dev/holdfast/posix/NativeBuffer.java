package dev.holdfast.posix;

import com.kenai.jffi.MemoryIO;
import dev.holdfast.text.RawText;
import java.nio.charset.StandardCharsets;

/** A piece of native memory, zeroed when it is allocated. Freed by {@link #close}; not safe for use by many threads. */
public final class NativeBuffer implements AutoCloseable {
    private static final MemoryIO MEMORY = MemoryIO.getInstance();

    private final long address;
    private final int size;

    private NativeBuffer(long address, int size) {
        this.address = address;
        this.size = size;
    }

    public static NativeBuffer allocate(int size) {
        long address = MEMORY.allocateMemory(size, true);
        if (address == 0) {
            throw new PosixException(Errno.ENOMEM, "malloc", Integer.toString(size));
        }
        return new NativeBuffer(address, size);
    }

    /**
     * A NUL-terminated copy of a string's bytes, in UTF-8 or what {@link RawText} has of others. A NUL inside would cut a
     * path short, so it is refused.
     */
    public static NativeBuffer cString(String text) {
        return cString(bytes(text));
    }

    /** On the way to a server no text needs more than UTF-8, so no more is loaded there. */
    private static byte[] bytes(String text) {
        byte[] plain = text.getBytes(StandardCharsets.ISO_8859_1);
        if (isAsciiWithoutMark(plain)) {
            return plain;
        }
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return RawText.bytes(text);
            }
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static NativeBuffer cString(byte[] text) {
        for (byte each : text) {
            if (each == 0) {
                throw new PosixException(
                        Errno.EINVAL, "NUL in", new String(text, StandardCharsets.UTF_8).replace('\0', '?'));
            }
        }
        NativeBuffer buffer = allocate(text.length + 1);
        MEMORY.putByteArray(buffer.address, text, 0, text.length);
        return buffer;
    }

    /**
     * As nearly all paths are. Without calls, since the JVM has compiled nothing yet. What has no byte in the encoding has become
     * a question mark.
     */
    private static boolean isAsciiWithoutMark(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0 || b == '?') {
                return false;
            }
        }
        return true;
    }

    /** The bytes of a NUL-terminated string that somebody else owns. */
    public static byte[] stringAt(long address) {
        return MEMORY.getZeroTerminatedByteArray(address);
    }

    public static long pointerAt(long address) {
        return MEMORY.getAddress(address);
    }

    public static int intAt(long address) {
        return MEMORY.getInt(address);
    }

    public long address() {
        return address;
    }

    public int size() {
        return size;
    }

    public int getInt(int offset) {
        return MEMORY.getInt(address + offset);
    }

    public long getLong(int offset) {
        return MEMORY.getLong(address + offset);
    }

    public short getShort(int offset) {
        return MEMORY.getShort(address + offset);
    }

    public void putInt(int offset, int value) {
        MEMORY.putInt(address + offset, value);
    }

    public void putShort(int offset, int value) {
        MEMORY.putShort(address + offset, (short) value);
    }

    public void putLong(int offset, long value) {
        MEMORY.putLong(address + offset, value);
    }

    public void putBytes(int offset, byte[] bytes) {
        MEMORY.putByteArray(address + offset, bytes, 0, bytes.length);
    }

    public byte[] getBytes(int offset, int length) {
        byte[] bytes = new byte[length];
        MEMORY.getByteArray(address + offset, bytes, 0, length);
        return bytes;
    }

    /** Copies into an array that is there. */
    public void getBytes(int offset, byte[] into, int length) {
        MEMORY.getByteArray(address + offset, into, 0, length);
    }

    @Override
    public void close() {
        MEMORY.freeMemory(address);
    }
}
