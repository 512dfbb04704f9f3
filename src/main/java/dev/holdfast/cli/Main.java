package dev.holdfast.cli;

import dev.holdfast.commands.OtherCommands;
import dev.holdfast.config.InstanceArguments;
import dev.holdfast.console.Console;
import dev.holdfast.console.ExitCode;
import dev.holdfast.error.HoldfastException;
import dev.holdfast.posix.NativeLibrary;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.signals.Signals;
import java.util.List;
import java.util.Optional;

/** The program. What is written plainly goes the short way; help and mistakes may take their time. */
public final class Main {
    private static final int STDOUT = 1;

    /** As {@link ExitCode#SYSTEM}, which can be one of the classes that cannot be loaded. */
    private static final int SYSTEM = 71;

    private Main() {}

    /**
     * Runs a command and ends the process.
     *
     * <p>By halt, not exit: everything was released in order by then, and exit would load loggers on the way out.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) {
        int code = run(arguments);
        Runtime.getRuntime().halt(System.out.checkError() ? notWritten(code) : code);
    }

    /** A result that nobody got is a failure, whatever it was. Who has read enough of it ({@code | head}) knows that. */
    private static int notWritten(int code) {
        if (FileDescriptors.hasNoReader(STDOUT)) {
            Signals.dieOf(Signals.PIPE); // as programs do that write to a pipe: quietly
        }
        complain("cannot write the result to standard output: the file system is full or broken");
        return code == ExitCode.OK.number() ? ExitCode.OUTPUT.number() : code;
    }

    private static int run(String[] arguments) {
        NativeLibrary.load();
        try {
            return executeAndReport(arguments);
        } catch (LinkageError e) {
            // Without a descriptor that is left, the classes that would report it cannot be loaded either.
            System.err.println("holdfast: cannot load a part of Holdfast (" + e.getMessage()
                    + "): too few open files are allowed (ulimit -n), or it is not installed whole");
            return SYSTEM;
        }
    }

    /** Executes one command line, and tells of what stands in its way. */
    static int executeAndReport(String[] arguments) {
        try {
            boolean isRehearsal = System.getProperty(Rehearsal.PROPERTY) != null;
            return isRehearsal ? Rehearsal.of(arguments) : execute(arguments);
        } catch (HoldfastException e) {
            complain(Failures.text(e, arguments.length > 0 ? arguments[0] : ""));
            return Failures.exitCode(e).number();
        } catch (RuntimeException | Error e) {
            return report(e);
        }
    }

    /** Executes one command line. */
    static int execute(String[] arguments) {
        if (arguments.length > 0 && arguments[0].equals("run") && !asksForHelp(arguments)) {
            return new RunCommand(Words.last(arguments, 1)).execute();
        }
        if (arguments.length > 0
                && arguments[0].equals("lock")
                && !asksForHelp(arguments)
                && !isVersionOfLock(arguments)) {
            return new LockCommand(Words.last(arguments, 1)).execute();
        }
        if (arguments.length > 0 && BackgroundCommand.isOne(arguments[0]) && !asksForHelp(arguments)) {
            return BackgroundCommand.execute(arguments);
        }
        if (arguments.length > 0 && OtherCommands.isOne(arguments[0]) && !asksForHelp(arguments)) {
            return OtherCommands.command(arguments[0])
                    .execute(Words.last(arguments, 1).texts());
        }
        if (arguments.length > 0 && arguments[0].equals(SessionCommand.WORD) && !asksForHelp(arguments)) {
            return new SessionCommand(Words.last(arguments, 1)).execute();
        }
        if (isVersionOfLock(arguments)) {
            return others(List.of("--version"));
        }
        List<String> words = Words.last(arguments, 0).texts();
        Optional<InstanceArguments> instance = InstanceArguments.of(words);
        return instance.isPresent() ? InstanceCommand.execute(instance.get()) : others(words);
    }

    private static int others(List<String> words) {
        return OtherCommands.commandLine().execute(words, InstanceCommand::execute);
    }

    /** As flock(1) has it. */
    private static boolean isVersionOfLock(String[] arguments) {
        return arguments.length == 2
                && arguments[0].equals("lock")
                && (arguments[1].equals("-V") || arguments[1].equals("--version"));
    }

    private static int report(Throwable e) {
        Optional<String> shortage = Shortage.behind(e);
        complain(shortage.orElseGet(() -> "internal error, please report it: " + e));
        return (shortage.isPresent() ? ExitCode.SYSTEM : ExitCode.INTERNAL).number();
    }

    /** Also where the system's calls cannot be reached, which the console makes. */
    private static void complain(String message) {
        try {
            Console.complain(message);
        } catch (HoldfastException | LinkageError e) {
            System.err.println("holdfast: " + message);
        }
    }

    /** As the first word only: further on it may be the server's own option. */
    private static boolean asksForHelp(String[] arguments) {
        return arguments.length > 1 && (arguments[1].equals("--help") || arguments[1].equals("-h"));
    }
}
