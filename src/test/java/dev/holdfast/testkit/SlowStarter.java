package dev.holdfast.testkit;

import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Takes a lock as the launcher does, and stands still after a step until its input ends. */
public final class SlowStarter {
    private SlowStarter() {}

    public static ProcessBuilder at(Path lockFile, Step step) {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath,
                SlowStarter.class.getName(),
                lockFile.toString(),
                step.name());
    }

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) {
        var unusedAttempt = LockFile.at(arguments[0]).tryAcquire(step -> {
            if (step.name().equals(arguments[1])) {
                System.out.println("ready " + ProcessHandle.current().pid());
                try {
                    var unused = System.in.read();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
    }
}
