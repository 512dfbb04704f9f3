package dev.holdfast.command;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileNames;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.files.PositionedAccess;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A command line, byte for byte as it was given, and the file that it means: the server's, or that of {@code holdfast
 * lock}.
 *
 * <p>Looked up before the lock is taken, so that a mistyped command leaves nothing behind.
 */
public final class ResolvedCommand {
    private static final String DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";
    private static final String SHELL = "/bin/sh";

    private final List<byte[]> arguments;
    private final byte[] program;

    private ResolvedCommand(List<byte[]> arguments, byte[] program) {
        this.arguments = arguments;
        this.program = program;
    }

    /**
     * Looks a command up, as a shell in the server's place would: a relative path is meant from the server's working
     * directory, and it is the server's user who must be allowed to execute it. So all that is different in the server's
     * process has been tried when this returns.
     *
     * @param path the folders to look in, as in {@code PATH}; empty for the usual ones
     * @param context where and as whom it is to run
     * @throws CommandException if there is no such program, or it may not be executed
     * @throws ProcessSettingsException if the kernel refuses what shall be different
     */
    public static ResolvedCommand resolve(List<byte[]> arguments, byte[] path, ServerContext context) {
        return context.isDifferent() ? context.runIn(() -> resolve(arguments, path)) : resolve(arguments, path);
    }

    /**
     * Looks a command up, as a shell would.
     *
     * @param path the folders to look in, as in {@code PATH}; empty for the usual ones
     * @throws CommandException if there is no such program, or it may not be executed
     */
    public static ResolvedCommand resolve(List<byte[]> arguments, byte[] path) {
        // Latin-1 keeps every byte: file names need not be UTF-8.
        String name = new String(arguments.get(0), StandardCharsets.ISO_8859_1);
        if (name.isEmpty()) {
            throw CommandException.notFound(name);
        }
        if (name.indexOf('/') >= 0) {
            int errno = executability(name);
            if (errno != 0) {
                throw problem(name, errno);
            }
            return new ResolvedCommand(arguments, arguments.get(0));
        }
        return new ResolvedCommand(arguments, bytes(search(name, new String(path, StandardCharsets.ISO_8859_1))));
    }

    /**
     * A command that no kernel executes, for a rehearsal of a start.
     *
     * @return one whose start always fails
     */
    public static ResolvedCommand unrunnable() {
        byte[] device = bytes("/dev/null");
        return new ResolvedCommand(List.of(device), device);
    }

    private static String search(String name, String path) {
        int worst = Errno.ENOENT;
        for (String folder : (path.isEmpty() ? DEFAULT_PATH : path).split(":", -1)) {
            String candidate = (folder.isEmpty() ? "." : folder) + "/" + name;
            int errno = executability(candidate);
            if (errno == 0) {
                return candidate;
            }
            if (errno == Errno.EACCES) {
                worst = errno; // as execvp(3): go on looking, but remember
            }
        }
        throw problem(name, worst);
    }

    /** access(2) lets root execute folders. */
    private static int executability(String file) {
        int errno = FileNames.executable(bytes(file));
        if (errno != 0) {
            return errno;
        }
        Optional<FileStatus> status = FileStatus.ofTarget(bytes(file));
        return status.isPresent() && status.get().isDirectory() ? Errno.EACCES : 0;
    }

    private static byte[] bytes(String latin) {
        return latin.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static CommandException problem(String latin, int errno) {
        String name = new String(bytes(latin), StandardCharsets.UTF_8);
        return errno == Errno.ENOENT || errno == Errno.ENOTDIR
                ? CommandException.notFound(name)
                : CommandException.notRunnable(name, errno);
    }

    /** The command and its arguments, as they were typed. */
    public List<byte[]> words() {
        return arguments;
    }

    /** What follows the first word, byte for byte. */
    public List<byte[]> arguments() {
        return arguments.subList(1, arguments.size());
    }

    /**
     * The file that is run.
     *
     * @return its path, as it was found, for people
     */
    public String program() {
        return new String(program, StandardCharsets.UTF_8);
    }

    /**
     * How many words follow the command.
     *
     * @return their number
     */
    public int argumentCount() {
        return arguments.size() - 1;
    }

    /**
     * Its pid.
     *
     * @param launch what it inherits
     * @throws CommandException if the kernel refuses the program
     */
    public int start(LaunchTarget launch) {
        return launch.context().isDifferent() ? launch.context().runIn(() -> startHere(launch)) : startHere(launch);
    }

    private int startHere(LaunchTarget launch) {
        int pid = launch.start(program, arguments);
        if (pid == -Errno.ENOEXEC && isText()) {
            pid = launch.start(SHELL.getBytes(StandardCharsets.UTF_8), throughShell());
        }
        if (pid < 0) {
            throw refused(-pid);
        }
        return pid;
    }

    /**
     * Replaces this process by it.
     *
     * @param launch what it inherits
     * @return why that failed; on success it does not return
     */
    public CommandException become(LaunchTarget launch) {
        return launch.context().isDifferent() ? launch.context().runIn(() -> becomeHere(launch)) : becomeHere(launch);
    }

    private CommandException becomeHere(LaunchTarget launch) {
        int errno = launch.become(program, arguments);
        if (errno == Errno.ENOEXEC && isText()) {
            errno = launch.become(SHELL.getBytes(StandardCharsets.UTF_8), throughShell());
        }
        return refused(errno);
    }

    /** Why the kernel did not take it, although it was found and could be executed. */
    private CommandException refused(int errno) {
        if (errno == Errno.ENOENT && FileNames.executable(program) == 0) {
            // The file is there: ENOENT means what its #! line or its ELF header asks for.
            return CommandException.interpreterMissing(new String(arguments.get(0), StandardCharsets.UTF_8));
        }
        return problem(new String(arguments.get(0), StandardCharsets.ISO_8859_1), errno);
    }

    /** For a script without a #! line: execvp(3), and with it every shell, hands it to sh. */
    private List<byte[]> throughShell() {
        List<byte[]> withShell = new ArrayList<>(arguments);
        withShell.set(0, program);
        withShell.add(0, SHELL.getBytes(StandardCharsets.UTF_8));
        return withShell;
    }

    /** A program for another machine is refused, not fed to a shell. A NUL byte in the first line tells, as in bash. */
    private boolean isText() {
        int fd = FileDescriptors.open(program, FileDescriptors.O_RDONLY, 0);
        if (fd < 0) {
            return false;
        }
        try {
            for (byte b : PositionedAccess.readAt(fd, 80)) {
                if (b == 0) {
                    return false;
                }
                if (b == '\n') {
                    return true;
                }
            }
            return true;
        } finally {
            FileDescriptors.close(fd);
        }
    }
}
