package dev.holdfast.cli;

import dev.holdfast.lock.file.Step;
import dev.holdfast.lock.file.Steps;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileNames;
import dev.holdfast.posix.processes.Self;
import java.nio.charset.StandardCharsets;

/**
 * A file with the launcher's pid, for scripts that signal it: there from before the server's start until after its end.
 * After a SIGKILL it stays; who knows better than to believe it asks {@code holdfast status}. In a folder of this user's own.
 */
final class PidFile implements Steps {
    private static final int MODE = 0600;

    private final String path;

    PidFile(String path) {
        this.path = path;
    }

    @Override
    public void reached(Step step) {
        // With the lock held, so that a start that is refused leaves the file of the running one alone.
        if (step == Step.ACQUIRE_RECORDED) {
            write();
        } else if (step == Step.RELEASE_INTERLOCK_FREED) {
            FileNames.unlink(path);
        }
    }

    /** A new file and a rename: whoever reads sees a whole one. That it cannot be written stops no server. */
    private void write() {
        String fresh = path + ".new";
        FileNames.unlink(fresh);
        int file = FileDescriptors.open(
                fresh,
                FileDescriptors.O_WRONLY
                        | FileDescriptors.O_CREAT
                        | FileDescriptors.O_EXCL
                        | FileDescriptors.O_NOFOLLOW,
                MODE);
        if (file < 0) {
            return;
        }
        byte[] text = (Self.pid() + "\n").getBytes(StandardCharsets.US_ASCII);
        int written = FileDescriptors.write(file, text);
        FileDescriptors.close(file);
        int errno = written == text.length ? FileNames.rename(fresh, path) : Errno.EIO;
        if (errno != 0) {
            FileNames.unlink(fresh);
        }
    }
}
