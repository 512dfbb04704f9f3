package dev.holdfast.posix.users;

import java.util.Optional;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;
import jnr.posix.Passwd;

/** Names of users, getpwuid(3). For the tables and reports of the commands: costs some 100 ms at the
 * first call. */
public final class UserDatabase {
    private UserDatabase() {}

    /** The name of a user; empty when the user database does not list the number. */
    public static Optional<String> name(int id) {
        POSIX posix = POSIXFactory.getNativePOSIX();
        Passwd entry = posix.getpwuid(id);
        return entry == null ? Optional.empty() : Optional.of(entry.getLoginName());
    }
}
