package dev.holdfast.testkit;

import static org.awaitility.Awaitility.await;

import dev.holdfast.posix.signals.Signals;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A process that a test has started, with what it has written so far. Closing it kills it and everything that was ever
 * seen below it, by pid.
 */
@SuppressWarnings("JdkObsolete") // StringBuffer: a reader thread writes what the test reads
public final class Child implements StopLadder.Server, AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    static {
        // What the build was started to ignore, by a shell's "&" or nohup, its children would ignore, too.
        IntStream.of(Signals.HUP, Signals.INT, Signals.QUIT)
                .filter(Signals::isIgnored)
                .forEach(Signals::setDefault);
    }

    private final Process process;
    private final Path stdout;
    private final StringBuffer stderr = new StringBuffer();
    private final Thread errReader;
    private final Set<Seen> seen = new LinkedHashSet<>();

    /** A process below it, which another one of the same pid is not taken for: a long run uses all pids up, and again. */
    private record Seen(long pid, String startTicks) {
        static Optional<Seen> of(long pid) {
            return Processes.startTicks(pid).map(ticks -> new Seen(pid, ticks));
        }

        boolean isAlive() {
            return Processes.isAlive(pid) && Processes.startTicks(pid).equals(Optional.of(startTicks));
        }
    }

    private Child(Process process, Path stdout) {
        this.process = process;
        this.stdout = stdout;
        errReader = reader(process.getErrorStream(), stderr);
    }

    /**
     * Starts it, or skips the test where there is no such program; its stdin stays open until {@link #closeStdin}, unless the builder redirects it. Its stdout is a file:
     * of a pipe the JDK throws away what a server writes after its launcher's end.
     */
    public static Child start(ProcessBuilder builder) {
        Programs.requireFor(builder.command());
        try {
            Path stdout = Files.createTempFile("stdout", ".txt");
            if (builder.redirectOutput().equals(ProcessBuilder.Redirect.PIPE)) {
                builder.redirectOutput(ProcessBuilder.Redirect.appendTo(stdout.toFile()));
            }
            return new Child(builder.start(), stdout);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Thread reader(InputStream stream, StringBuffer into) {
        Thread thread = new Thread(() -> {
            char[] buffer = new char[8192];
            try (Reader text = new InputStreamReader(stream, StandardCharsets.UTF_8)) {
                for (int n = text.read(buffer); n >= 0; n = text.read(buffer)) {
                    into.append(buffer, 0, n);
                }
            } catch (IOException e) {
                into.append(""); // the process was killed and its pipe closed
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Override
    public long pid() {
        return process.pid();
    }

    public String stdout() {
        try {
            return new String(Files.readAllBytes(stdout), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String stderr() {
        return stderr.toString();
    }

    public OutputStream stdin() {
        return process.getOutputStream();
    }

    @Override
    public void closeStdin() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for a line on stdout, and gives the first group of the pattern (the whole match when it has none). */
    public String awaitOut(String regex) {
        return awaitLine(this::stdout, regex);
    }

    /** Waits for a line on stderr. */
    public String awaitErr(String regex) {
        return awaitLine(this::stderr, regex);
    }

    private String awaitLine(Supplier<String> text, String regex) {
        Pattern pattern = Pattern.compile(regex);
        await().alias("/" + regex + "/ in output of pid " + pid())
                .atMost(DEADLINE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> {
                    boolean over = !process.isAlive()
                            && !errReader.isAlive()
                            && seen.stream().noneMatch(Seen::isAlive);
                    if (pattern.matcher(text.get()).find()) {
                        return true;
                    }
                    if (over) {
                        throw new AssertionError("ended without /" + regex + "/: " + this);
                    }
                    return false;
                });
        Matcher matcher = pattern.matcher(text.get());
        if (!matcher.find()) {
            throw new AssertionError(this.toString());
        }
        noteTree();
        return matcher.groupCount() > 0 ? matcher.group(1) : matcher.group();
    }

    /** The pid in "ready PID" of the test server. */
    public long awaitServer() {
        return Long.parseLong(awaitOut("ready (\\d+)"));
    }

    /** Waits for the end, and for all that was written. */
    public int awaitExit() {
        return awaitExit(DEADLINE);
    }

    public int awaitExit(Duration atMost) {
        try {
            if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("still running after " + atMost + ": " + this);
            }
            errReader.join(1000);
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Waits for the end at the most so long. */
    @Override
    public boolean endsWithin(Duration atMost) {
        try {
            return process.waitFor(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Waits for the end of a launcher whose server lives on and keeps the output open. */
    public int awaitExitWithoutOutput() {
        if (!endsWithin(DEADLINE)) {
            throw new AssertionError("still running after " + DEADLINE + ": " + this);
        }
        return process.exitValue();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public void signal(String signal) {
        noteTree();
        Processes.signal(pid(), signal);
    }

    /** Sends TERM at once, without a look at what is below it: that takes its time in a fork storm. */
    public void terminate() {
        process.destroy();
    }

    /** Remembers what is below it now, so that it is killed at the end even when its parent is gone by then. */
    public void noteTree() {
        Processes.descendants(pid()).forEach(pid -> Seen.of(pid).ifPresent(seen::add));
    }

    @Override
    public void close() {
        noteTree();
        process.destroyForcibly();
        for (Seen each : seen) {
            if (each.isAlive()) {
                Processes.signal(each.pid(), "KILL");
            }
        }
        try {
            Files.deleteIfExists(stdout);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return "pid " + pid() + (process.isAlive() ? " (alive)" : " (exit " + process.exitValue() + ")")
                + "\n--- stdout\n" + stdout() + "\n--- stderr\n" + stderr;
    }
}
