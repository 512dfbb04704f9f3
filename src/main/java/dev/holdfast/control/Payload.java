package dev.holdfast.control;

import dev.holdfast.posix.MappedMemory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What comes with a long request, as it lies in memory outside the heap: strings of bytes, each with its kind.
 *
 * <p>A string is a letter for its kind, its length in four bytes (the highest first), its bytes, and a NUL that is not
 * counted, so that a part of the memory can be given to a program as it is. No string has a NUL in it: no argument, variable
 * or path can. Strings of a kind that is not known are passed over. Made by {@link PayloadWriter}. Not safe for use by
 * many threads.
 */
public final class Payload {
    /** The most that one request may bring. */
    public static final int LONGEST = 4 * 1024 * 1024;

    static final char ARGUMENT = 'a';
    static final char VARIABLE = 'e';
    static final char FOLDER = 'f';
    static final char OPTION = 'o';

    /** Kind and length before a string, and the NUL after it. */
    static final int BEFORE = 1 + Integer.BYTES;

    static final int AROUND = BEFORE + 1;

    /** More than the kernel takes for one program: each costs it a pointer, too, of a quarter of the stack's limit. */
    static final int MOST_STRINGS = 256 * 1024;

    private final MappedMemory memory;
    private final int[] arguments;
    private final List<byte[]> variables;
    private final Optional<byte[]> folder;
    private final List<byte[]> options;

    private Payload(
            MappedMemory memory,
            int[] arguments,
            List<byte[]> variables,
            Optional<byte[]> folder,
            List<byte[]> options) {
        this.memory = memory;
        this.arguments = arguments;
        this.variables = variables;
        this.folder = folder;
        this.options = options;
    }

    /**
     * Reads what has come.
     *
     * @param memory may hold anything; must stay as it is for as long as this is used, and is closed by whoever made it
     * @param length how much of it has come
     * @return what it says
     * @throws ControlCall.RefusedException if it is not of this form
     */
    public static Payload read(MappedMemory memory, int length) throws ControlCall.RefusedException {
        int[] arguments = new int[16];
        int count = 0;
        int strings = 0;
        List<byte[]> variables = new ArrayList<>();
        Optional<byte[]> folder = Optional.empty();
        List<byte[]> options = new ArrayList<>();
        int at = 0;
        while (at < length) {
            require(++strings <= MOST_STRINGS && length - at >= AROUND);
            int kind = memory.unsignedByte(at);
            int size = size(memory, at + 1);
            require(size >= 0 && size <= length - at - AROUND && memory.unsignedByte(at + BEFORE + size) == 0);
            if (kind == ARGUMENT) {
                if (count == arguments.length) {
                    arguments = Arrays.copyOf(arguments, 2 * count);
                }
                arguments[count++] = at + BEFORE;
            } else if (kind == VARIABLE) {
                variables.add(memory.bytes(at + BEFORE, size));
            } else if (kind == FOLDER) {
                folder = Optional.of(memory.bytes(at + BEFORE, size));
            } else if (kind == OPTION) {
                options.add(memory.bytes(at + BEFORE, size));
            }
            at += AROUND + size;
        }
        return new Payload(
                memory, Arrays.copyOf(arguments, count), List.copyOf(variables), folder, List.copyOf(options));
    }

    private static int size(MappedMemory memory, int at) {
        int size = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            size = size << 8 | memory.unsignedByte(at + i);
        }
        return size;
    }

    private static void require(boolean isSo) throws ControlCall.RefusedException {
        if (!isSo) {
            throw new ControlCall.RefusedException("the payload is not of this protocol's form");
        }
    }

    /** Where the arguments lie, each up to its NUL, for {@link dev.holdfast.posix.processes.Spawn}. */
    public int[] arguments() {
        return arguments.clone();
    }

    /** The arguments, copied. */
    public List<byte[]> argumentBytes() {
        List<byte[]> copies = new ArrayList<>(arguments.length);
        for (int at : arguments) {
            copies.add(memory.bytes(at, size(memory, at - Integer.BYTES)));
        }
        return copies;
    }

    /** What else is said, {@code key=value} each. */
    public List<byte[]> options() {
        return options;
    }

    /** The memory that they lie in. */
    public MappedMemory memory() {
        return memory;
    }

    /** Environment variables, {@code NAME=value} each, byte for byte. */
    public List<byte[]> variables() {
        return variables;
    }

    /** A folder, byte for byte; empty when none was sent. */
    public Optional<byte[]> folder() {
        return folder;
    }
}
