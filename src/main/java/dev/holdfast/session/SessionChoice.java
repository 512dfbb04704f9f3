package dev.holdfast.session;

import dev.holdfast.posix.processes.ProcFs;
import dev.holdfast.posix.processes.ProcessDescriptor;
import dev.holdfast.posix.processes.ProcessStat;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.process.ProcessIdentity;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which session a process belongs to.
 *
 * @param id the session's
 * @param leader the process whose end is the session's; empty for one that has another id than a living process gives it,
 *     which ends when somebody says so
 */
public record SessionChoice(String id, Optional<ProcessIdentity> leader) {
    /** The most characters of an id: an instance's name has room for a server's, too. */
    public static final int LONGEST = 40;

    /** What an id may be, for a message. */
    public static final String RULE = "must be 1 to 40 letters, digits, underscores or hyphens, and no hyphen first";

    private static final int DIGEST_BYTES = 3;

    /**
     * Whether an id may be one. It has no dot, so that the first one in an instance's name ends it.
     *
     * @param id what was given
     */
    public static boolean isValid(String id) {
        return id.matches("[A-Za-z0-9_][A-Za-z0-9_-]{0," + (LONGEST - 1) + "}");
    }

    /** The one that was named; also by a server that has the id of a terminal's session from its environment. */
    public static SessionChoice named(String id) {
        Optional<ProcessIdentity> leader = id.matches("[1-9][0-9]{0,8}-[0-9a-f]{" + 2 * DIGEST_BYTES + "}")
                ? living(Integer.parseInt(id.substring(0, id.indexOf('-'))))
                : Optional.empty();
        return new SessionChoice(id, leader.filter(process -> id(process).equals(id)));
    }

    /**
     * That of this process: of the kernel's session, when its leader lives and is somebody else; else of the parent. The
     * kernel's session is the terminal's, also over ssh; a client that runs its commands without one is their parent.
     *
     * @throws SessionException if {@code /proc} hides them
     * @see <a href="https://man7.org/linux/man-pages/man2/getsid.2.html">getsid(2)</a>
     */
    public static SessionChoice ofThisProcess() {
        int session = ProcessStat.of(Self.pid()).map(ProcessStat::session).orElse(0);
        Optional<ProcessIdentity> leader = session > 0 && session != Self.pid() ? living(session) : Optional.empty();
        ProcessIdentity found = leader.or(() -> living(Self.parentPid()))
                .orElseThrow(() -> new SessionException(
                        SessionException.Reason.UNKNOWN,
                        "cannot tell which session this is: neither the terminal's first process nor the parent can be"
                                + " seen; name it by --session ID"));
        return new SessionChoice(id(found), Optional.of(found));
    }

    private static Optional<ProcessIdentity> living(int pid) {
        if (pid <= 0) {
            return Optional.empty();
        }
        try (ProcessDescriptor process = ProcessDescriptor.open(pid).orElse(null)) {
            if (process == null || process.hasEnded()) {
                return Optional.empty();
            }
            return ProcessIdentity.of(process).filter(SessionChoice::isKnown);
        }
    }

    /** A pid alone is no identity: it is given again. */
    private static boolean isKnown(ProcessIdentity process) {
        return process.startTicks() >= 0 || process.uniqueId() != 0;
    }

    /** The pid, for people, and what tells it from all others that have this pid at another time or place. */
    private static String id(ProcessIdentity leader) {
        OptionalLong namespace = ProcFs.pidNamespace(Self.pid());
        String whole = ProcFs.bootId()
                + ' '
                + (namespace.isPresent() ? namespace.getAsLong() : 0)
                + ' '
                + leader.pid()
                + ' '
                + (leader.startTicks() >= 0 ? leader.startTicks() : -leader.uniqueId());
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(whole.getBytes(StandardCharsets.US_ASCII));
            return leader.pid() + "-" + HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // each Java has it
        }
    }
}
