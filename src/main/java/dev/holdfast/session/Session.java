package dev.holdfast.session;

import dev.holdfast.lock.LockFileException;
import dev.holdfast.output.OutputFileException;
import dev.holdfast.output.OutputFolder;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileNames;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.session.SessionException.Reason;
import dev.holdfast.text.Printable;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One session: its three folders, what its file says, and the servers that were started in it.
 *
 * <p>Who changes it holds its lock: a start together with others, a cleanup alone. So no start finds its folders gone
 * halfway, and none is begun in a session that is being removed.
 */
public final class Session {
    private static final String RECORD = ".session.json";
    private static final String LOCK = ".lock";
    private static final String JSON = ".json";
    private static final String PID = ".pid";
    /** Of others that begin or remove the same session at the same time. */
    private static final int MOST_TRIES = 100;

    private final String id;
    private final String pids;
    private final String configs;
    private final String logs;

    Session(String base, String id) {
        this.id = id;
        pids = base + "/pids/" + id;
        configs = base + "/configs/" + id;
        logs = base + "/logs/" + id;
    }

    /** Its id. */
    public String id() {
        return id;
    }

    /** Where it has a file for each server. */
    public String pids() {
        return pids;
    }

    /** Where its configuration is. */
    public String configs() {
        return configs;
    }

    /** Where its servers' output is. */
    public String logs() {
        return logs;
    }

    /** The log of a server's output. */
    public String logOf(String server) {
        return logs + "/" + server + ".log";
    }

    /** The file with the pid of a server's launcher, as long as that has its lock. */
    public String pidFileOf(String server) {
        return pids + "/" + server + PID;
    }

    /** The log of what was done with this session. */
    public String managersLog() {
        return logs + "/" + SessionServer.RESERVED + ".log";
    }

    /** Whether anything of it is there. */
    public boolean isThere() {
        return FileStatus.ofName(pids).isPresent();
    }

    /** What its file says; empty when there is none, or it cannot be read. */
    public Optional<SessionRecord> record() {
        if (!OwnFiles.problem(pids).isEmpty()) {
            return Optional.empty();
        }
        try {
            return OwnFiles.read(pids + "/" + RECORD).flatMap(SessionRecord::parse);
        } catch (OwnFiles.Unreadable e) {
            return Optional.empty();
        }
    }

    /** What is known of its leader. */
    public SessionState state() {
        return record().map(SessionRecord::state).orElse(SessionState.UNKNOWN);
    }

    /** Whether no server, and nothing of anybody else, is in it: then it may be removed without a record, too. */
    public boolean isEmpty() {
        return isEmpty(pids, LOCK) && isEmpty(configs, "") && isEmpty(logs, SessionServer.RESERVED + ".log");
    }

    private static boolean isEmpty(String folder, String itsOwn) {
        String[] names = new File(folder).list();
        return names == null || Arrays.stream(names).allMatch(name -> name.equals(itsOwn) || OwnFiles.isFresh(name));
    }

    /**
     * Begins it, where it has not begun, and keeps it from being removed.
     *
     * @param choice who leads it
     * @param timeout how long to wait for who removes it
     * @return to be released
     * @throws SessionException if its folders cannot be made, or it is being removed
     */
    public SessionHold enter(SessionChoice choice, Duration timeout) throws InterruptedException {
        String obstacle = "";
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            for (String folder : List.of(pids, configs, logs)) {
                OwnFiles.requireFolder(folder);
            }
            try {
                SessionHold hold = SessionHold.shared(pids + "/" + LOCK, timeout)
                        .orElseThrow(() ->
                                new SessionException(Reason.OVER, "session " + id + " is being removed; try again"));
                begin(choice, hold);
                return hold;
            } catch (LockFileException e) {
                obstacle = String.valueOf(e.getMessage()); // its folder was removed between the two: once more
            }
        }
        throw new SessionException(
                Reason.NOT_MADE,
                "session " + id + " cannot be begun, or is removed by others all the time: " + obstacle);
    }

    private void begin(SessionChoice choice, SessionHold hold) {
        try {
            begin(choice);
        } catch (SessionException e) {
            hold.close();
            throw e;
        }
    }

    /** Writes its record where there is none; one that cannot be read is kept beside it. */
    private void begin(SessionChoice choice) {
        String file = pids + "/" + RECORD;
        boolean isThere = FileStatus.ofName(file).isPresent();
        if (record().isPresent()) {
            return;
        }
        if (isThere) {
            var unused = FileNames.rename(file, file + ".corrupt");
        }
        OwnFiles.writeFirst(file, SessionRecord.starting(choice).bytes());
    }

    /**
     * Has it alone.
     *
     * @param timeout how long to wait for those who begin a server in it, or remove it
     * @return to be released; empty when they still do, and when nothing of it is there
     * @throws dev.holdfast.error.HoldfastException if its lock is not this user's file, or cannot be had
     */
    public Optional<SessionHold> lockAlone(Duration timeout) throws InterruptedException {
        boolean isThere = isThere();
        if (!isThere && !isLeftover()) {
            return Optional.empty();
        }
        if (!isThere) {
            OwnFiles.requireFolder(pids); // a removal was killed: what is left has nothing to lock
        }
        String problem = OwnFiles.problem(pids);
        if (!problem.isEmpty()) {
            throw new SessionException(Reason.UNSAFE, "the folder \"" + Printable.line(pids) + "\" " + problem);
        }
        try {
            return SessionHold.alone(pids + "/" + LOCK, timeout);
        } catch (LockFileException e) {
            if (isThere()) {
                throw e;
            }
            return Optional.empty(); // removed meanwhile
        }
    }

    private boolean isLeftover() {
        return FileStatus.ofName(configs).isPresent() || FileStatus.ofName(logs).isPresent();
    }

    /** The servers that were started in it and not stopped there, by name. */
    public List<SessionServer> servers() {
        String[] names = OwnFiles.problem(pids).isEmpty() ? new File(pids).list() : null;
        List<SessionServer> servers = new ArrayList<>();
        String[] sorted = names == null ? new String[0] : names;
        Arrays.sort(sorted);
        for (String file : sorted) {
            if (file.endsWith(JSON) && !file.startsWith(".")) {
                String name = file.substring(0, file.length() - JSON.length());
                server(name).ifPresent(servers::add);
            }
        }
        return servers;
    }

    /** One of them; one that nobody knows the lock of, when its file cannot be read. */
    public Optional<SessionServer> server(String name) {
        if (!SessionServer.isValid(id, name)) {
            return Optional.empty();
        }
        try {
            return OwnFiles.read(pids + "/" + name + JSON)
                    .map(bytes -> SessionServer.parse(name, bytes).orElse(SessionServer.unknown(name)));
        } catch (OwnFiles.Unreadable e) {
            return Optional.of(SessionServer.unknown(name));
        }
    }

    /** Why nothing can be done to a server that is not {@linkplain SessionServer#isKnown known}, for a message. */
    public String unreadable(SessionServer server) {
        return "its file \"" + pids + "/" + server.name() + JSON
                + "\" cannot be read; remove that file when holdfast ps shows no such instance";
    }

    /** Whether the file with the pid of a server's launcher says this one: it was started in this session. */
    public boolean isLauncher(String server, int pid) {
        try {
            return OwnFiles.read(pidFileOf(server))
                    .map(bytes -> new String(bytes, StandardCharsets.US_ASCII).strip())
                    .filter(Integer.toString(pid)::equals)
                    .isPresent();
        } catch (OwnFiles.Unreadable e) {
            return false;
        }
    }

    /** Writes down that a server is about to be started. */
    public void add(SessionServer server) {
        OwnFiles.write(pids + "/" + server.name() + JSON, server.bytes());
    }

    /** Forgets a server that has ended. For who has the session alone: another start of it may have written it down. */
    public void forget(String server) {
        FileNames.unlink(pids + "/" + server + JSON);
        FileNames.unlink(pidFileOf(server));
    }

    /** Adds a line to its log. Failures are ignored: nothing depends on it. */
    public void note(String text) {
        try {
            int file = OutputFolder.append(managersLog());
            String line = Instant.now().truncatedTo(ChronoUnit.SECONDS) + " " + Printable.line(text) + "\n";
            var unused = FileDescriptors.write(file, line.getBytes(StandardCharsets.UTF_8));
            FileDescriptors.close(file);
        } catch (OutputFileException e) {
            return;
        }
    }

    /**
     * Removes its folders. For who has it alone.
     *
     * @return what could not be removed, and why; empty when nothing is left
     */
    public List<String> remove() {
        List<String> left = new ArrayList<>();
        for (String folder : List.of(logs, configs, pids)) { // the lock is in the last one
            if (FileStatus.ofName(folder).isPresent()) {
                String problem = OwnFiles.problem(folder);
                problem = problem.isEmpty() ? OwnFiles.removeTree(Path.of(folder)) : problem;
                if (!problem.isEmpty()) {
                    left.add(Printable.line(folder) + ": " + problem);
                }
            }
        }
        return left;
    }
}
