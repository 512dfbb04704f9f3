package dev.holdfast.cli;

import dev.holdfast.config.RunSettings;
import dev.holdfast.lock.file.Steps;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.Pipe;

/**
 * What is different for a launcher that {@code holdfast start} has begun, or a client's start of a shared server: a word that
 * only this program types. Its stdin and stdout are /dev/null by then, and its stderr is a pipe to whoever waits for the start.
 *
 * @param stdin what the server's stdin is
 * @param pidFile where the launcher's pid is written down, of a session; empty for nowhere
 */
record Background(String stdin, String pidFile) {
    /** The first word of such a launcher. */
    static final String WORD = "background";
    /** A pipe that nobody writes to. */
    static final String HOLD = "hold";
    /** The end of a file. */
    static final String NOTHING = "null";
    /** The clients of a shared server, after whose end the launcher ends, too. bin/holdfast knows the word. */
    static final String SHARE = "share";
    /** The same, and the launcher stays when they have left. */
    static final String SHARE_AND_STAY = "share-and-stay";

    private static final char PID_FILE = ':';
    private static final int STDIN = 0;

    /** Reads the word behind the first one. */
    static Background of(String word) {
        int colon = word.indexOf(PID_FILE);
        String stdin = colon < 0 ? word : word.substring(0, colon);
        return new Background(stdin, colon < 0 ? "" : word.substring(colon + 1));
    }

    /** The word that {@link #of} reads. */
    String word() {
        return stdin + (pidFile.isEmpty() ? "" : PID_FILE + pidFile);
    }

    /** Who writes the file. */
    Steps steps() {
        return pidFile.isEmpty() ? Steps.NONE : new PidFile(pidFile);
    }

    /** Has what holds for a run in the background hold. */
    RunSettings enter(RunSettings settings) {
        if (stdin.equals(HOLD)) {
            Pipe pipe = Pipe.open();
            // Opened once more, for the pipe's own reading end does not block. The writing end stays open as long as
            // the launcher lives.
            int reading = FileDescriptors.open("/proc/self/fd/" + pipe.readEnd(), FileDescriptors.O_RDONLY, 0);
            FileDescriptors.replace(reading, STDIN);
            FileDescriptors.close(reading);
            FileDescriptors.close(pipe.readEnd());
        }
        return settings.inBackground(stdin.equals(SHARE));
    }
}
