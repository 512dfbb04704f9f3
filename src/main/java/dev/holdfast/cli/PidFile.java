package dev.holdfast.cli;

import dev.holdfast.error.HoldfastException;
import dev.holdfast.lock.file.Step;
import dev.holdfast.lock.file.Steps;
import dev.holdfast.posix.files.FileNames;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.processes.Self;
import java.nio.charset.StandardCharsets;

/**
 * A file with the launcher's pid, for scripts that signal it: there from before the server's start until after its end.
 * After a SIGKILL it stays; who knows better than to believe it asks {@code holdfast status}. In a folder of this user's own.
 */
final class PidFile implements Steps {
    private static final String SUFFIX = ".pid";
    /** Of the file that the session knows the server by. */
    private static final String SERVER_SUFFIX = ".json";

    private final String path;

    /** What the server was to be started in is there no more. */
    static final class SessionGoneException extends HoldfastException {
        private static final long serialVersionUID = 1L;

        SessionGoneException(String message) {
            super(message);
        }
    }

    PidFile(String path) {
        this.path = path;
    }

    @Override
    public void reached(Step step) {
        // With the lock held, so that a start that is refused leaves the file of the running one alone.
        if (step == Step.ACQUIRE_RECORDED) {
            requireSession();
            write();
        } else if (step == Step.RELEASE_INTERLOCK_FREED) {
            FileNames.unlink(path);
        }
    }

    /**
     * With the lock held. Whoever removes a session removes this file first, and looks at the lock after that: so either
     * this launcher is seen there, or it sees that the file is gone.
     */
    private void requireSession() {
        String servers = path.substring(0, path.length() - SUFFIX.length()) + SERVER_SUFFIX;
        if (FileStatus.ofName(servers).isEmpty()) {
            throw new SessionGoneException(
                    "the session was removed while this server was being started: \"" + servers + "\" is gone");
        }
    }

    /** That it cannot be written stops no server. */
    private void write() {
        var unused = FileNames.replace(path + ".new", path, (Self.pid() + "\n").getBytes(StandardCharsets.US_ASCII));
    }
}
