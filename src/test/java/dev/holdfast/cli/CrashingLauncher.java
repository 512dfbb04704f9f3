package dev.holdfast.cli;

import dev.holdfast.lock.file.Step;
import dev.holdfast.lock.file.Steps;
import dev.holdfast.posix.NativeLibrary;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.signals.Signals;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code holdfast run} that is killed by SIGKILL after a step, so that tests can see what a crash leaves behind. Started by
 * bin/holdfast: as one of the launcher's JVM options, it comes before the launcher's own class, which so becomes an
 * argument.
 */
public final class CrashingLauncher implements Steps {
    private static final String PROPERTY = "-Djffi.boot.library.path=";

    private final Step last;

    private CrashingLauncher(Step last) {
        this.last = last;
    }

    /** For HOLDFAST_JAVA_OPTIONS. */
    public static String options(Path application, Step step) {
        String tests = CrashingLauncher.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
        return "-cp " + application.resolve("lib/holdfast.jar") + ":" + tests + " " + CrashingLauncher.class.getName()
                + " " + step;
    }

    public static void main(String[] arguments) {
        List<String> all = List.of(arguments);
        for (String word : all) { // no lambda, as in the real one
            if (word.startsWith(PROPERTY)) {
                System.setProperty("jffi.boot.library.path", word.substring(PROPERTY.length()));
            }
        }
        NativeLibrary.load();
        int run = all.indexOf(Main.class.getName()) + 1;
        Steps steps = new CrashingLauncher(Step.valueOf(arguments[0]));
        Runtime.getRuntime().halt(new RunCommand(Words.last(arguments, run + 1), steps).execute());
    }

    @Override
    public void reached(Step step) {
        if (step == last) {
            Self.kill(Self.pid(), Signals.KILL);
        }
    }
}
