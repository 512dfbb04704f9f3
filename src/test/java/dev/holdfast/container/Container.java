package dev.holdfast.container;

import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Processes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A container in the background. Closing it removes it, whatever it does. */
final class Container implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final Engine engine;
    private final String name;

    Container(Engine engine, String name) {
        this.engine = engine;
        this.name = name;
    }

    /**
     * How a stop went.
     *
     * @param code the container's exit code
     * @param took from the request to its end
     */
    record Stop(int code, Duration took) {}

    String name() {
        return name;
    }

    /** {@code docker stop -t SECONDS}. */
    Stop stop(int seconds) {
        long start = System.nanoTime();
        engine.ok(List.of("stop", "-t", Integer.toString(seconds), name));
        return new Stop(exitCode(), Duration.ofNanos(System.nanoTime() - start));
    }

    /** {@code docker kill -s SIGNAL}. */
    void kill(String signal) {
        engine.ok(List.of("kill", "-s", signal, name));
    }

    /** Waits for its end. */
    int awaitExit() {
        return Integer.parseInt(engine.ok(List.of("wait", name)));
    }

    int exitCode() {
        return Integer.parseInt(inspect("{{.State.ExitCode}}"));
    }

    boolean isRunning() {
        return inspect("{{.State.Running}}").equals("true");
    }

    /** {@code docker start} of one that has ended, or was only created. */
    void startAgain() {
        engine.ok(List.of("start", name));
    }

    String inspect(String format) {
        return engine.ok(List.of("inspect", "-f", format, name));
    }

    /** A command inside, to its end. */
    Child exec(String... command) {
        List<String> words = new ArrayList<>(List.of("exec", name));
        words.addAll(List.of(command));
        return engine.podman(words);
    }

    /** What it has written to its stdout. */
    String stdout() {
        try (Child logs = engine.podman(List.of("logs", name))) {
            logs.awaitExit();
            return logs.stdout();
        }
    }

    /** What it has written to its stderr. */
    String stderr() {
        try (Child logs = engine.podman(List.of("logs", name))) {
            logs.awaitExit();
            return logs.stderr();
        }
    }

    /** Waits for a line on its stdout, and gives the first group of the pattern. */
    String awaitOut(String regex) {
        return awaitLine(this::stdout, regex);
    }

    /** Waits for a line on its stderr. */
    String awaitErr(String regex) {
        return awaitLine(this::stderr, regex);
    }

    private String awaitLine(Supplier<String> text, String regex) {
        Pattern pattern = Pattern.compile(regex);
        await().atMost(DEADLINE).pollInterval(Duration.ofMillis(20)).until(() -> {
            if (pattern.matcher(text.get()).find()) {
                return true;
            }
            if (!isRunning() && !pattern.matcher(text.get()).find()) {
                throw new AssertionError("ended without /" + regex + "/: " + this);
            }
            return false;
        });
        Matcher matcher = pattern.matcher(text.get());
        if (!matcher.find()) {
            throw new AssertionError(this.toString());
        }
        return matcher.groupCount() > 0 ? matcher.group(1) : matcher.group();
    }

    /** Its first process, by the pid that it has outside. */
    long pidOutside() {
        return Long.parseLong(inspect("{{.State.Pid}}"));
    }

    /** Its processes by their pids outside, zombies included. */
    List<Long> processes() {
        List<Long> all = new ArrayList<>(List.of(pidOutside()));
        for (int i = 0; i < all.size(); i++) {
            all.addAll(Processes.children(all.get(i)));
        }
        return all;
    }

    @Override
    public void close() {
        try (Child rm = engine.podman(List.of("rm", "-f", "-t", "0", name))) {
            rm.awaitExit();
        }
    }

    @Override
    public String toString() {
        return name + " " + inspect("{{.State.Status}} {{.State.ExitCode}}") + "\n--- stdout\n" + stdout()
                + "\n--- stderr\n" + stderr();
    }
}
