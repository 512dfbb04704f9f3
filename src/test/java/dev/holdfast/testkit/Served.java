package dev.holdfast.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A {@code holdfast serve} of a test's own, on a port that was free. */
public final class Served implements AutoCloseable {
    private final Child child;
    private final Path home;
    private final int port;

    private Served(Child child, Path home) {
        this.child = child;
        this.home = home;
        port = Integer.parseInt(child.awaitOut("serving http://\\S+:([0-9]+)/"));
    }

    /** For the instances of a home. */
    public static Served of(Path home, String... options) {
        return by(Launcher.in(home), home, options);
    }

    /** Started by a launcher with more variables. */
    public static Served by(Launcher launcher, Path home, String... options) {
        List<String> words = new ArrayList<>(List.of("serve", "--port", "0"));
        words.addAll(Arrays.asList(options));
        return new Served(launcher.env("HOLDFAST_HOME", home.toString()).command(words), home);
    }

    public int port() {
        return port;
    }

    public long pid() {
        return child.pid();
    }

    public String token() throws IOException {
        return Files.readString(home.resolve("serve.token")).strip();
    }

    /** What curl prints of a path, and the status on a line of its own behind it. */
    public String get(String path, String... options) {
        return curl(List.of(), path, options);
    }

    /** As another user, by the program that becomes curl. */
    public String curl(List<String> before, String path, String... options) {
        List<String> words = new ArrayList<>(before);
        words.addAll(List.of("curl", "-s", "--max-time", "60", "-w", "\n%{http_code}"));
        words.addAll(Arrays.asList(options));
        words.add("http://localhost:" + port + path);
        try (Child curl = Child.start(new ProcessBuilder(words))) {
            curl.awaitExit();
            return curl.stdout();
        }
    }

    /** A line of a shell, as a document shows it; each port in it is this one's. */
    public String shell(String line) {
        try (Child shell =
                Child.start(new ProcessBuilder("sh", "-c", line.replaceAll("localhost:[0-9]+", "localhost:" + port)))) {
            shell.awaitExit();
            return shell.stdout();
        }
    }

    @Override
    public void close() {
        child.close();
    }

    @Override
    public String toString() {
        return child.toString();
    }
}
