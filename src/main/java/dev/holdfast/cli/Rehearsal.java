package dev.holdfast.cli;

import dev.holdfast.console.ExitCode;
import dev.holdfast.error.HoldfastException;
import java.util.Arrays;
import java.util.List;

/**
 * Goes several ways in one JVM, so that an archive of loaded classes has what each of them needs: Java 25 makes an AOT
 * cache from what one process has loaded. Only {@code make-archive} asks for it.
 */
final class Rehearsal {
    /** Asks for a rehearsal, as a property of the JVM. */
    static final String PROPERTY = "holdfast.rehearsal";

    private static final String SEPARATOR = "then";

    private Rehearsal() {}

    /** Executes command lines one after the other; the last one's exit code. */
    static int of(String[] arguments) {
        List<String> words = Arrays.asList(arguments);
        int code = ExitCode.OK.number();
        for (int from = 0; from < arguments.length; ) {
            int length = words.subList(from, arguments.length).indexOf(SEPARATOR);
            int to = length < 0 ? arguments.length : from + length;
            try {
                code = Main.execute(Arrays.copyOfRange(arguments, from, to));
            } catch (HoldfastException e) {
                code = Failures.exitCode(e).number(); // of an exec that was to fail
            }
            from = to + 1;
        }
        return code;
    }
}
