package dev.holdfast.cli;

import dev.holdfast.posix.NativeLibrary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Several command lines one after the other in one JVM, for tests that read what is printed: most of what a command
 * costs is the start of its JVM. Started by bin/holdfast, as {@link CrashingLauncher} is.
 */
public final class ManyCommands {
    /** Between two command lines. */
    public static final String THEN = "-then-";

    private static final String PROPERTY = "-Djffi.boot.library.path=";

    private ManyCommands() {}

    /** For HOLDFAST_JAVA_OPTIONS. */
    public static String options(Path application) {
        String tests = ManyCommands.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
        return "-Dholdfast.more=" + application.resolve("lib/more") + " -cp " + application.resolve("lib/holdfast.jar")
                + ":" + tests + " " + ManyCommands.class.getName();
    }

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) {
        List<String> all = List.of(arguments);
        for (String word : all) {
            if (word.startsWith(PROPERTY)) {
                System.setProperty("jffi.boot.library.path", word.substring(PROPERTY.length()));
            }
        }
        NativeLibrary.load();
        List<String> line = new ArrayList<>();
        for (String word : all.subList(all.indexOf(Main.class.getName()) + 1, all.size())) {
            if (word.equals(THEN)) {
                int code = Main.executeAndReport(line.toArray(String[]::new));
                System.out.println(THEN + code);
                System.err.println(THEN);
                line.clear();
            } else {
                line.add(word);
            }
        }
        Runtime.getRuntime().halt(0);
    }
}
