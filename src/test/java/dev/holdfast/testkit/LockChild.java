package dev.holdfast.testkit;

import dev.holdfast.lock.AdvisoryHolders;
import dev.holdfast.lock.AdvisoryLock;
import dev.holdfast.lock.Hold;
import dev.holdfast.lock.LockTimeoutException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A JVM that holds an advisory lock and does what it is told, line by line: {@code try}, {@code acquire MILLIS},
 * {@code release}, {@code held}, {@code holders}, {@code downgrade}. Each line is answered by one.
 */
public final class LockChild {
    private @Nullable Hold hold;

    private LockChild() {}

    /** A new JVM for {@code exclusive} or {@code shared} and a path. */
    public static Child start(String mode, Path path) {
        Child child = Child.start(new ProcessBuilder(command(LockChild.class, mode, path.toString())));
        child.awaitOut("ready");
        return child;
    }

    /** The command of a test program in a JVM of its own. */
    public static List<String> command(Class<?> program, String... arguments) {
        return command(program, classPath(), Path.of("target/native/jni").toAbsolutePath(), arguments);
    }

    /** The same from other places. */
    public static List<String> command(Class<?> program, String classPath, Path natives, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Djffi.boot.library.path=" + natives,
                "-cp",
                classPath,
                program.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Where the library, what it stands on and the test programs are, separated by colons. */
    public static String classPath() {
        List<String> places = new ArrayList<>();
        for (Class<?> type :
                List.of(LockChild.class, AdvisoryLock.class, com.kenai.jffi.Library.class, Nullable.class)) {
            places.add(Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .getPath())
                    .toString());
        }
        return String.join(":", places);
    }

    /** Tells a child a line, and gives the answer, which begins with what it was told. */
    public static String ask(Child child, String line) {
        tell(child, line);
        return answer(child, line);
    }

    /** Tells a child a line. */
    public static void tell(Child child, String line) {
        try {
            child.stdin().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            child.stdin().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first answer to a line. */
    public static String answer(Child child, String line) {
        return child.awaitOut("(?m)^" + line + ": (.*)$");
    }

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws IOException, InterruptedException {
        LockChild child = new LockChild();
        Path path = Path.of(arguments[1]);
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (AdvisoryLock lock =
                arguments[0].equals("shared") ? AdvisoryLock.shared(path) : AdvisoryLock.exclusive(path)) {
            System.out.println("ready");
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                System.out.println(line + ": " + child.obey(lock, line.split(" ")));
            }
        }
    }

    private String obey(AdvisoryLock lock, String[] words) throws InterruptedException {
        switch (words[0]) {
            case "try" -> {
                Optional<Hold> granted = lock.tryAcquire();
                hold = granted.orElse(hold);
                return granted.isPresent() ? "granted" : "refused";
            }
            case "acquire" -> {
                try {
                    hold = lock.acquire(Duration.ofMillis(Long.parseLong(words[1])));
                    return "granted";
                } catch (LockTimeoutException e) {
                    return "timeout " + e.getMessage();
                }
            }
            case "release" -> hold().close();
            case "downgrade" -> hold().downgrade();
            case "holders" -> {
                AdvisoryHolders holders = lock.holders();
                return holders.verified().size() + " known, " + holders.unknown() + " unknown";
            }
            case "held" -> {
                return Boolean.toString(hold().isHeld());
            }
            default -> throw new IllegalArgumentException(words[0]);
        }
        return "done";
    }

    private Hold hold() {
        if (hold == null) {
            throw new IllegalStateException("no hold");
        }
        return hold;
    }
}
