package dev.holdfast.command;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.processes.Accounts;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.processes.ThreadAttributes;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Who the server runs as, looked up in the user database: a user with all of its groups, or another group only.
 *
 * <p>Safe for use by many threads.
 */
public final class ServerUser {
    /** What was asked for, for messages. */
    private final String shown;

    private final OptionalInt user;
    private final int group;
    /** Null to keep the ones that the launcher has. */
    private final int @Nullable [] groups;

    private final Map<String, String> variables;

    private ServerUser(
            String shown, OptionalInt user, int group, int @Nullable [] groups, Map<String, String> variables) {
        this.shown = shown;
        this.user = user;
        this.group = group;
        this.groups = groups;
        this.variables = variables;
    }

    /**
     * Looks them up.
     *
     * @param user name or number of the user; empty for the launcher's own
     * @param group name or number of the group; empty for the user's own
     * @return who that is; empty when nothing was asked for
     * @throws ProcessSettingsException if the database does not know them
     */
    public static Optional<ServerUser> lookUp(Optional<String> user, Optional<String> group) {
        OptionalInt wantedGroup = group.isPresent() ? OptionalInt.of(group(group.get())) : OptionalInt.empty();
        if (user.isPresent()) {
            return Optional.of(of(user.get(), wantedGroup));
        }
        return group.isPresent()
                ? Optional.of(new ServerUser(
                        "group \"" + group.get() + "\"", OptionalInt.empty(), wantedGroup.getAsInt(), null, Map.of()))
                : Optional.empty();
    }

    private static ServerUser of(String name, OptionalInt wantedGroup) {
        Optional<Accounts.Account> account = Accounts.named(name);
        OptionalInt number = Accounts.id(name);
        if (account.isEmpty() && number.isPresent()) {
            account = Accounts.numbered(number.getAsInt());
        }
        String shown = "user \"" + name + "\"";
        if (account.isPresent()) {
            Accounts.Account known = account.get();
            int group = wantedGroup.orElse(known.group());
            return new ServerUser(
                    shown,
                    OptionalInt.of(known.user()),
                    group,
                    Accounts.groupsOf(known.name(), group),
                    variables(known));
        }
        if (number.isEmpty()) {
            throw ProcessSettingsException.unknown("there is no " + shown);
        }
        if (wantedGroup.isEmpty()) {
            // Not the launcher's group: that is root's.
            throw ProcessSettingsException.unknown(
                    shown + " is not in the user database, so its group is not known; name one with --group");
        }
        return new ServerUser(shown, number, wantedGroup.getAsInt(), new int[0], Map.of());
    }

    private static int group(String name) {
        OptionalInt id = Accounts.group(name);
        if (id.isEmpty()) {
            id = Accounts.id(name);
        }
        if (id.isEmpty()) {
            throw ProcessSettingsException.unknown("there is no group \"" + name + "\"");
        }
        return id.getAsInt();
    }

    /** As systemd does for User=, and login(1) for everybody. */
    private static Map<String, String> variables(Accounts.Account account) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("HOME", account.home());
        variables.put("USER", account.name());
        variables.put("LOGNAME", account.name());
        variables.put("SHELL", account.shell());
        return variables;
    }

    /**
     * The variables that tell a process who it is.
     *
     * @return HOME, USER, LOGNAME and SHELL; none for a group, and for a user that is not in the database
     */
    public Map<String, String> variables() {
        return variables;
    }

    /**
     * Makes the calling thread this user's. There is no way back.
     *
     * @throws ProcessSettingsException if the kernel does not permit it
     */
    void become() {
        if (isAlready()) {
            return;
        }
        // The user last: with it goes the right to change anything.
        int errno = groups == null ? 0 : ThreadAttributes.setGroups(groups);
        if (errno == 0) {
            errno = ThreadAttributes.setGroup(group);
        }
        if (errno == 0 && user.isPresent()) {
            errno = ThreadAttributes.setUser(user.getAsInt());
        }
        if (errno != 0) {
            throw ProcessSettingsException.refused(
                    "cannot run the server as " + shown, errno, errno == Errno.EPERM ? "; only root may do that" : "");
        }
    }

    /** Asking for what is there already needs no privilege. */
    private boolean isAlready() {
        return Self.isRunningAs(user.orElse(Self.effectiveUser()), group);
    }

    @Override
    public String toString() {
        return shown + (groups == null ? "" : " groups=" + Arrays.toString(groups));
    }
}
