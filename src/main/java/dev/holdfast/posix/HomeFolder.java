package dev.holdfast.posix;

import java.nio.charset.StandardCharsets;

/**
 * A user's home folder in the user database, getpwuid(3), for whom {@code HOME} is not set.
 *
 * <p>Through the C library directly: {@link UserDatabase} costs 100 ms, and this may stand before a server's start.
 */
public final class HomeFolder {
    /** Of {@code pw_dir} in struct passwd: two pointers, two 32-bit ids and a pointer come before it. */
    private static final int DIRECTORY_OFFSET = 32;

    private HomeFolder() {}

    /**
     * Looks a home folder up. Not safe for use by many threads: the C library has one buffer for the answer. Blocks
     * while the user database is asked, which may be over the network.
     *
     * @param user the user id
     * @return its path; empty when the user database does not list the user
     */
    public static String of(int user) {
        long entry = Libc.call(Libc.symbol("getpwuid"), user);
        long path = entry == 0 ? 0 : NativeBuffer.pointerAt(entry + DIRECTORY_OFFSET);
        return path == 0 ? "" : new String(NativeBuffer.stringAt(path), StandardCharsets.UTF_8);
    }
}
