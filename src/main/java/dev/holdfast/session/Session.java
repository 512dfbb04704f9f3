package dev.holdfast.session;

import dev.holdfast.lock.AdvisoryLock;
import dev.holdfast.lock.Hold;
import dev.holdfast.lock.LockFileException;
import dev.holdfast.lock.LockTimeoutException;
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
    public Hold enter(SessionChoice choice, Duration timeout) throws InterruptedException {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            for (String folder : List.of(pids, configs, logs)) {
                OwnFiles.requireFolder(folder);
            }
            Optional<Hold> hold = lock(false, timeout);
            if (hold.isPresent()) {
                begin(choice);
                return hold.get();
            }
        }
        throw new SessionException(Reason.OVER, "session " + id + " is begun and removed by others all the time");
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
     * @return to be released; empty when somebody begins a server in it, or removes it
     */
    public Optional<Hold> tryLock() {
        try {
            return AdvisoryLock.exclusive(Path.of(pids, LOCK)).tryAcquire();
        } catch (LockFileException e) {
            return Optional.empty(); // its folder is gone
        }
    }

    private Optional<Hold> lock(boolean isAlone, Duration timeout) throws InterruptedException {
        Path file = Path.of(pids, LOCK);
        try {
            AdvisoryLock lock = isAlone ? AdvisoryLock.exclusive(file) : AdvisoryLock.shared(file);
            return Optional.of(lock.acquire(timeout));
        } catch (LockTimeoutException e) {
            throw new SessionException(Reason.OVER, "session " + id + " is being removed; try again");
        } catch (LockFileException e) {
            return Optional.empty(); // removed between the two: once more
        }
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

    /** One of them. */
    public Optional<SessionServer> server(String name) {
        if (!SessionServer.isValid(id, name)) {
            return Optional.empty();
        }
        try {
            return OwnFiles.read(pids + "/" + name + JSON).flatMap(bytes -> SessionServer.parse(name, bytes));
        } catch (OwnFiles.Unreadable e) {
            return Optional.empty();
        }
    }

    /** Writes down that a server is about to be started. */
    public void add(SessionServer server) {
        OwnFiles.write(pids + "/" + server.name() + JSON, server.bytes());
    }

    /** Forgets a server that has ended. */
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
