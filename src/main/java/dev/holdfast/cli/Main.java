package dev.holdfast.cli;

import dev.holdfast.error.HoldfastException;

/** The program. {@code run} and {@code lock} go the short way; everything else may take its time. */
public final class Main {
    private Main() {}

    /**
     * Runs a command and ends the process.
     *
     * <p>By halt, not exit: everything was released in order by then, and exit would load loggers on the way out.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) {
        Runtime.getRuntime().halt(run(arguments));
    }

    private static int run(String[] arguments) {
        try {
            if (System.getProperty(Rehearsal.PROPERTY) != null) {
                return Rehearsal.of(arguments);
            }
            if (arguments.length > 0 && arguments[0].equals("run") && !asksForHelp(arguments)) {
                return new RunCommand(Words.last(arguments, 1)).execute();
            }
            if (arguments.length > 0 && arguments[0].equals("lock") && !asksForHelp(arguments)) {
                return new LockCommand(Words.last(arguments, 1)).execute();
            }
            return Commands.execute(Words.last(arguments, 0).texts());
        } catch (HoldfastException e) {
            return RunCommand.report(e);
        } catch (RuntimeException | Error e) {
            return reportInternal(e);
        }
    }

    private static int reportInternal(Throwable e) {
        Console.complain("internal error, please report it: " + e);
        return ExitCode.INTERNAL.number();
    }

    /** As the first word only: further on it may be the server's own option. */
    private static boolean asksForHelp(String[] arguments) {
        return arguments.length > 1 && (arguments[1].equals("--help") || arguments[1].equals("-h"));
    }
}
