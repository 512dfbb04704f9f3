package dev.holdfast.posix.processes;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.Libc;
import dev.holdfast.posix.NativeBuffer;
import dev.holdfast.posix.PosixException;
import dev.holdfast.text.Digits;
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
     * @return its entry; empty when there is none
     * @throws PosixException if it cannot be told, for the lack of descriptors or since the name service fails
     */
    public static Optional<Account> named(String name) {
        try (NativeBuffer text = NativeBuffer.cString(name)) {
            return account(look("getpwnam", text.address(), name));
        }
    }

    /**
     * Looks a user up by number.
     *
     * @return its entry; empty when there is none
     * @throws PosixException as {@link #named}
     */
    public static Optional<Account> numbered(int id) {
        return account(look("getpwuid", id, Integer.toUnsignedString(id)));
    }

    /**
     * An entry's address, 0 for none. Systems say "there is none" by several error numbers, and by none (getpwnam(3));
     * these here mean that nobody could look.
     */
    private static long look(String call, long key, String subject) {
        Libc.clearErrno();
        long entry = Libc.call(Libc.symbol(call), key);
        if (entry == 0) {
            int errno = Libc.errno();
            if (errno == Errno.EMFILE
                    || errno == Errno.ENFILE
                    || errno == Errno.ENOMEM
                    || errno == Errno.EIO
                    || errno == Errno.EINTR) {
                throw new PosixException(errno, call, subject);
            }
        }
        return entry;
    }

    private static Optional<Account> account(long entry) {
        return entry == 0
                ? Optional.empty()
                : Optional.of(new Account(
                        text(entry + Abi.PASSWD_NAME_AT),
                        NativeBuffer.intAt(entry + Abi.PASSWD_UID_AT),
                        NativeBuffer.intAt(entry + Abi.PASSWD_GID_AT),
                        text(entry + Abi.PASSWD_HOME_AT),
                        text(entry + Abi.PASSWD_SHELL_AT)));
    }

    private static String text(long pointer) {
        long address = NativeBuffer.pointerAt(pointer);
        return address == 0 ? "" : new String(NativeBuffer.stringAt(address), StandardCharsets.UTF_8);
    }

    /**
     * Looks a group up by name.
     *
     * @return its id; empty when there is none
     * @throws PosixException as {@link #named}
     */
    public static OptionalInt group(String name) {
        try (NativeBuffer text = NativeBuffer.cString(name)) {
            long entry = look("getgrnam", text.address(), name);
            return entry == 0 ? OptionalInt.empty() : OptionalInt.of(NativeBuffer.intAt(entry + Abi.GROUP_GID_AT));
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
                if (most >= Abi.NGROUPS_MAX) {
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
        if (text.length() > 10 || !Digits.isNumber(text)) {
            return OptionalInt.empty();
        }
        long id = Long.parseLong(text);
        return id <= LARGEST_ID ? OptionalInt.of((int) id) : OptionalInt.empty();
    }
}
