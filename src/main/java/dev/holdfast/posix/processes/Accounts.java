package dev.holdfast.posix.processes;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.Libc;
import dev.holdfast.posix.NativeBuffer;
import dev.holdfast.posix.PosixException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Users and groups with what a process that runs as them needs, getpwnam(3), getgrnam(3), getgrouplist(3).
 *
 * <p>Called directly: jnr-posix does not know getgrouplist and costs a start more than
 * the server's own. May ask a name service, and block as long as that takes. Not safe for use by many threads.
 */
public final class Accounts {
    /** The larger ids are "none" or "unchanged" to the kernel. */
    private static final long LARGEST_ID = 0xfffffffeL;
    /** NGROUPS_MAX of Linux. */
    private static final int MOST_GROUPS = 65_536;

    private Accounts() {}

    /**
     * An entry of the user database.
     *
     * @param name the login name
     * @param user its id
     * @param group the id of its group
     * @param home its home directory
     * @param shell its login shell
     */
    public record Account(String name, int user, int group, String home, String shell) {}

    /**
     * Looks a user up by name.
     *
     * @param name the name
     * @return its entry; empty when there is none
     */
    public static Optional<Account> named(String name) {
        try (NativeBuffer text = NativeBuffer.cString(name)) {
            return account(Libc.call(Libc.symbol("getpwnam"), text.address()));
        }
    }

    /**
     * Looks a user up by number.
     *
     * @param id the number
     * @return its entry; empty when there is none
     */
    public static Optional<Account> numbered(int id) {
        return account(Libc.call(Libc.symbol("getpwuid"), id));
    }

    /** struct passwd has this layout in glibc and in musl, on all 64-bit machines. */
    private static Optional<Account> account(long entry) {
        return entry == 0
                ? Optional.empty()
                : Optional.of(new Account(
                        text(entry),
                        NativeBuffer.intAt(entry + 16),
                        NativeBuffer.intAt(entry + 20),
                        text(entry + 32),
                        text(entry + 40)));
    }

    private static String text(long pointer) {
        long address = NativeBuffer.pointerAt(pointer);
        return address == 0 ? "" : new String(NativeBuffer.stringAt(address), StandardCharsets.UTF_8);
    }

    /**
     * Looks a group up by name.
     *
     * @param name the name
     * @return its id; empty when there is none
     */
    public static OptionalInt group(String name) {
        try (NativeBuffer text = NativeBuffer.cString(name)) {
            long entry = Libc.call(Libc.symbol("getgrnam"), text.address());
            return entry == 0 ? OptionalInt.empty() : OptionalInt.of(NativeBuffer.intAt(entry + 16));
        }
    }

    /**
     * All groups that a user is a member of.
     *
     * @param name the user's name
     * @param group the id of the user's own group, which is one of them
     * @return their ids
     */
    public static int[] groupsOf(String name, int group) {
        int most = 64;
        while (true) {
            try (NativeBuffer text = NativeBuffer.cString(name);
                    NativeBuffer ids = NativeBuffer.allocate(most * Integer.BYTES);
                    NativeBuffer count = NativeBuffer.allocate(Integer.BYTES)) {
                count.putInt(0, most);
                int result = (int)
                        Libc.call(Libc.symbol("getgrouplist"), text.address(), group, ids.address(), count.address());
                if (result >= 0) {
                    int[] groups = new int[count.getInt(0)];
                    for (int i = 0; i < groups.length; i++) {
                        groups[i] = ids.getInt(i * Integer.BYTES);
                    }
                    return groups;
                }
                if (most >= MOST_GROUPS) {
                    throw new PosixException(Errno.EINVAL, "getgrouplist", name);
                }
                most *= 4;
            }
        }
    }

    /**
     * Reads an id that was given as a number.
     *
     * @param text decimal digits
     * @return the id, which may be negative as an {@code int}; empty for anything else
     */
    public static OptionalInt id(String text) {
        if (text.isEmpty() || text.length() > 10) {
            return OptionalInt.empty();
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return OptionalInt.empty();
            }
        }
        long id = Long.parseLong(text);
        return id <= LARGEST_ID ? OptionalInt.of((int) id) : OptionalInt.empty();
    }
}
