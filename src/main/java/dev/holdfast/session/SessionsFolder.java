package dev.holdfast.session;

import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.session.SessionException.Reason;
import dev.holdfast.text.Printable;
import java.io.File;
import java.util.List;
import java.util.Optional;
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
        OwnFiles.requireFolder(path);
        for (String part : List.of("pids", "configs", "logs")) {
            OwnFiles.requireFolder(path + "/" + part);
        }
    }

    /**
     * Checks what is there of it.
     *
     * @throws SessionException if it belongs to another user, or others could put another one in its place
     */
    public void check() {
        String above = path.substring(0, Math.max(1, path.lastIndexOf('/')));
        Optional<FileStatus> status = FileStatus.ofTarget(above);
        if (status.isEmpty()) {
            throw new SessionException(
                    Reason.NOT_MADE, "there is no folder \"" + Printable.line(above) + "\" to keep sessions in");
        }
        int permissions = status.get().permissions();
        if ((permissions & OTHERS_WRITE) != 0 && (permissions & STICKY) == 0) {
            throw new SessionException(
                    Reason.UNSAFE,
                    "the folder \"" + Printable.line(above)
                            + "\" is writable by all and not sticky; name another one by --sessions-dir");
        }
        for (String part : List.of("", "/pids", "/configs", "/logs")) {
            if (FileStatus.ofName(path + part).isPresent()) {
                String problem = OwnFiles.problem(path + part);
                if (!problem.isEmpty()) {
                    throw new SessionException(
                            Reason.UNSAFE,
                            "the folder \"" + Printable.line(path + part) + "\" " + problem
                                    + "; name another one by --sessions-dir");
                }
            }
        }
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
                if (SessionChoice.isValid(name)) {
                    ids.add(name);
                }
            }
        }
        return ids.stream().map(this::session).toList();
    }
}
