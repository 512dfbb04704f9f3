package dev.holdfast.cli;

import dev.holdfast.command.Environment;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.UnsupportedSystemException;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.Pipe;
import dev.holdfast.posix.processes.Children;
import dev.holdfast.posix.processes.ProcessDescriptor;
import dev.holdfast.posix.processes.Spawn;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.share.attach.HostProcess;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A launcher in a session of its own: bin/holdfast, started anew. It gets /dev/null for stdin and stdout, and for stderr a
 * pipe, which it gives up for its log as soon as it holds the lock. Nothing else of ours is open in it.
 */
final class StartedLauncher implements HostProcess {
    private static final int STDERR = 2;
    private static final int AT_ONCE = 4096;
    private static final int MOST_KEPT = 65_536;
    private static final String JAVA_HOME = "HOLDFAST_JAVA_HOME";
    /** Where bin/holdfast has its native library. */
    private static final String LIBRARY = "jffi.boot.library.path";

    private final int pid;
    private final ProcessDescriptor process;
    private final ByteArrayOutputStream complaints = new ByteArrayOutputStream();
    private int pipe;

    private StartedLauncher(int pid, ProcessDescriptor process, int pipe) {
        this.pid = pid;
        this.process = process;
        this.pipe = pipe;
    }

    /**
     * Starts it. Blocks until its exec.
     *
     * @param words all that follows the program's name
     * @param environment what it gets, with the Java of this one: the script has not passed on who chose it
     * @throws PosixException if the kernel refuses
     */
    static StartedLauncher start(List<byte[]> words, Environment environment) {
        byte[] program = executable().getBytes(StandardCharsets.UTF_8);
        List<byte[]> arguments = new ArrayList<>(List.of(program));
        arguments.addAll(words);
        Pipe errors = Pipe.open();
        int nothing = FileDescriptors.open("/dev/null", FileDescriptors.O_RDWR, 0);
        Spawn spawn = new Spawn(
                program,
                arguments,
                environment
                        .with(Map.of(JAVA_HOME, System.getProperty("java.home", "")))
                        .entries());
        spawn.beginSession();
        spawn.passDescriptor(nothing, 0);
        spawn.passDescriptor(nothing, 1);
        spawn.passDescriptor(errors.writeEnd(), STDERR);
        int pid = spawn.start();
        FileDescriptors.close(errors.writeEnd());
        FileDescriptors.close(nothing);
        if (pid < 0) {
            FileDescriptors.close(errors.readEnd());
            throw new PosixException(-pid, "posix_spawn", executable());
        }
        Optional<ProcessDescriptor> process = ProcessDescriptor.open(pid);
        if (process.isEmpty()) {
            throw new UnsupportedSystemException("a child is gone that nobody has reaped");
        }
        return new StartedLauncher(pid, process.get(), errors.readEnd());
    }

    /** What is said of one that ended before its server was there. Its exit code is the server's, where there was one. */
    static String notStarted(String name, ExitStatus end) {
        return "\"" + name + "\" did not start: "
                + (end.signal() == 0
                        ? "it ended with exit code " + end.shellCode()
                        : "its launcher died of signal " + end.signal());
    }

    private static String executable() {
        String library = System.getProperty(LIBRARY, "");
        int end = library.lastIndexOf("/lib/");
        if (end < 0) {
            throw new UnsupportedSystemException("start is for bin/holdfast: run Holdfast by it, not by java");
        }
        return library.substring(0, end) + "/bin/holdfast";
    }

    @Override
    public int pid() {
        return pid;
    }

    @Override
    public int[] descriptors() {
        return new int[] {process.descriptor(), pipe};
    }

    @Override
    public void listen() {
        while (pipe >= 0) {
            // Before the read: what is written between the two, right before its end, is still to be read.
            boolean isOver = FileDescriptors.hasNoReader(pipe); // for a reading end: nobody writes any more
            byte[] said;
            try {
                said = FileDescriptors.read(pipe, AT_ONCE);
            } catch (PosixException e) {
                said = new byte[0];
            }
            if (said.length == 0) {
                if (isOver) {
                    FileDescriptors.close(pipe);
                    pipe = -1;
                }
                return;
            }
            complaints.write(said, 0, Math.min(said.length, Math.max(0, MOST_KEPT - complaints.size())));
        }
    }

    @Override
    public String complaints() {
        return complaints.toString(StandardCharsets.UTF_8);
    }

    @Override
    public Optional<ExitStatus> end() {
        if (!process.hasEnded()) {
            return Optional.empty();
        }
        listen();
        for (Children.News news = Children.next(); news.pid() != 0; news = Children.next()) {
            if (news.pid() == pid) {
                return Optional.of(
                        news.change() == Children.Change.KILLED
                                ? ExitStatus.killedBy(news.status())
                                : ExitStatus.exited(news.status()));
            }
        }
        return Optional.of(ExitStatus.exited(Errno.ECHILD)); // somebody else has reaped it
    }

    @Override
    public void close() {
        process.close();
        if (pipe >= 0) {
            FileDescriptors.close(pipe);
        }
    }
}
