package dev.holdfast.session;

import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.session.SessionException.Reason;
import dev.holdfast.text.Printable;
import java.io.File;
import java.util.List;
import java.util.TreeSet;

/**
 * Where sessions are kept: a folder of this user's own, with {@code pids}, {@code configs} and {@code logs} in it. Each
 * command checks it anew: in {@code /tmp} anybody could have made it first.
 */
public final class SessionsFolder {
    /** Where they are when nothing is said. */
    public static final String STANDARD = "/tmp/mcp-sessions";

    private static final int OTHERS_WRITE = 02;
    private static final int STICKY = 01000;
    private static final int ROOT = 0;
    /** Who root is in a user namespace that does not know it. */
    private static final int NOBODY = 65_534;

    private static final String OPEN = "is writable by all and not sticky";

    private final String path;
    private final boolean isInstead;

    private SessionsFolder(String path, boolean isInstead) {
        this.path = path;
        this.isInstead = isInstead;
    }

    /**
     * The one that was said, or {@link #STANDARD}; in place of that, where it is another user's, one with this user's id in
     * its name. Nothing is made.
     *
     * @param said absolute; empty when nothing was said
     */
    public static SessionsFolder of(String said) {
        if (!said.isEmpty()) {
            return new SessionsFolder(said, false);
        }
        String own = STANDARD + "-" + Integer.toUnsignedString(Self.effectiveUser());
        boolean isTaken = FileStatus.ofName(STANDARD).isPresent()
                && !OwnFiles.problem(STANDARD).isEmpty();
        // Sessions that began in the other place stay there, also once this one has become free.
        boolean isInstead = isTaken || OwnFiles.problem(own).isEmpty();
        return new SessionsFolder(isInstead ? own : STANDARD, isInstead);
    }

    /** Its path. */
    public String path() {
        return path;
    }

    /** Whether it stands in place of {@link #STANDARD}, which was another user's. */
    public boolean isInstead() {
        return isInstead;
    }

    /** Whether it is there. */
    public boolean isThere() {
        return FileStatus.ofName(path).isPresent();
    }

    /**
     * Makes what is missing of it.
     *
     * @throws SessionException if it cannot be made, belongs to another user, or others could put another one in its place
     */
    public void make() {
        check();
        OwnFiles.makeFolder(path);
        for (String part : List.of("/pids", "/configs", "/logs")) {
            OwnFiles.makeFolder(path + part);
        }
    }

    /**
     * Checks what is there of it.
     *
     * @throws SessionException if it belongs to another user, or others could put another one in its place
     */
    public void check() {
        checkAbove(path.substring(0, Math.max(1, path.lastIndexOf('/'))));
        for (String part : List.of("", "/pids", "/configs", "/logs")) {
            FileStatus.ofName(path + part).ifPresent(status -> check(path + part, status));
        }
    }

    /** Of whoever could put another folder in the place of this one. */
    private static void checkAbove(String above) {
        FileStatus status = FileStatus.ofTarget(above)
                .orElseThrow(() -> new SessionException(
                        Reason.NOT_MADE, "there is no folder \"" + Printable.line(above) + "\" to keep sessions in"));
        if (isOpen(status)) {
            throw unsafe(above, OPEN);
        }
        int owner = status.owner();
        if (!isSticky(status) && owner != Self.effectiveUser() && owner != ROOT && owner != NOBODY) {
            throw unsafe(
                    above,
                    "belongs to another user (uid " + Integer.toUnsignedString(owner)
                            + "), who could put another folder in the place of this one");
        }
    }

    private static void check(String folder, FileStatus status) {
        String problem = OwnFiles.problem(folder);
        if (problem.isEmpty() && isOpen(status)) {
            problem = OPEN;
        }
        if (!problem.isEmpty()) {
            throw unsafe(folder, problem);
        }
    }

    private static boolean isOpen(FileStatus status) {
        return (status.permissions() & OTHERS_WRITE) != 0 && !isSticky(status);
    }

    private static boolean isSticky(FileStatus status) {
        return (status.permissions() & STICKY) != 0;
    }

    private static SessionException unsafe(String folder, String problem) {
        return new SessionException(
                Reason.UNSAFE,
                "the folder \"" + Printable.line(folder) + "\" " + problem + "; name another one by --sessions-dir");
    }

    /** A session in it, which may not be there. */
    public Session session(String id) {
        return new Session(path, id);
    }

    /** All sessions that have left anything in it, by id. What is not called like one is passed over. */
    public List<Session> sessions() {
        TreeSet<String> ids = new TreeSet<>();
        for (String part : List.of("pids", "configs", "logs")) {
            String[] names = new File(path + "/" + part).list();
            for (String name : names == null ? new String[0] : names) {
                String whole = path + "/" + part + "/" + name;
                if (SessionChoice.isValid(name)
                        && !FileStatus.ofName(whole).map(FileStatus::isRegular).orElse(false)) {
                    ids.add(name);
                }
            }
        }
        return ids.stream().map(this::session).toList();
    }
}
