package dev.holdfast.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * Programs that a machine may lack. What Debian's smallest root has (a shell, coreutils, util-linux, perl's base) is taken
 * for granted; a test that needs another one is skipped with a word without it, and continuous integration, which
 * installs them all, allows no skip.
 */
public final class Programs {
    private Programs() {}

    /** Whether a program is found in the path, or is the path of one. */
    public static boolean isInstalled(String program) {
        return program.indexOf('/') >= 0
                ? Files.isExecutable(Path.of(program))
                : Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(part -> Files.isExecutable(Path.of(part, program)));
    }

    /** Skips the test where a program is not installed. */
    public static String require(String program) {
        Assumptions.assumeTrue(isInstalled(program), "needs " + program);
        return program;
    }

    /** Skips the test where a command cannot be started at all, for want of its first word's program. */
    static void requireFor(List<String> command) {
        String program = command.get(0);
        if (program.indexOf('/') < 0) {
            require(program);
        }
    }
}
