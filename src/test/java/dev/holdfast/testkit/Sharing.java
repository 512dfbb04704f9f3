package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.posix.processes.Self;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server, named "orders", that several clients of a test share, and all that runs for it: what is started for it has a
 * variable in its environment, by which the host is found, too, which is nobody's child. Closing it kills what is left.
 */
public final class Sharing implements AutoCloseable {
    private static final String MARK = "SHARED_FOR";
    /** Whose scope is the user. */
    private static final String LOCK = "orders-" + Self.effectiveUser();

    private static final Duration DEADLINE = Duration.ofSeconds(40);
    private static final Duration LOOKS = Duration.ofMillis(20);
    private static final Pattern HOLDER = Pattern.compile("\"holders\":\\[(\\d+)");

    private final Path locks;
    private final Launcher launcher;
    private final List<String> options = new ArrayList<>();
    private final List<String> command;
    private final List<McpClient> clients = new ArrayList<>();

    /**
     * Nothing is started yet.
     *
     * @param locks a lock folder of the test's own
     * @param command the server's
     * @param options of each start
     */
    public Sharing(Path locks, List<String> command, String... options) {
        this.locks = locks;
        this.command = List.copyOf(command);
        this.options.addAll(List.of("--share", "--share-scope", "global"));
        this.options.addAll(List.of(options));
        launcher = Launcher.in(locks).env(MARK, mark()).env("HOLDFAST_HOME", Launcher.home(locks) + "");
    }

    /** The name of its lock. */
    public String lock() {
        return LOCK;
    }

    /** Where its host listens. */
    public Path socket() {
        return locks.resolve(LOCK + ".sock");
    }

    /** Whether all that is started for it is found by this variable. */
    public boolean isMark(String variable) {
        return variable.equals(MARK);
    }

    private String mark() {
        return locks.toAbsolutePath().toString();
    }

    /** What all starts and commands are made by: to add to its environment. */
    public Launcher launcher() {
        return launcher;
    }

    /** A start, to be changed. */
    public ProcessBuilder start(String... more) {
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of(more));
        return launcher.builder(all, command);
    }

    /** Starts a client, which has said nothing yet. */
    public McpClient client(String... more) {
        return client(start(more));
    }

    /** The same, by a start that was changed. */
    public McpClient client(ProcessBuilder start) {
        McpClient client = McpClient.start(start);
        clients.add(client);
        return client;
    }

    /** Starts a client, and has it initialize. */
    public McpClient ready(String... more) {
        McpClient client = client(more);
        client.initialize();
        return client;
    }

    /** What {@code status --json} tells of it. */
    public String status() {
        return launcher.statusJson(LOCK);
    }

    /** Where the host's lock is. */
    public Path lockFile() {
        return launcher.lockFile(LOCK);
    }

    /** The pid of the host, when there is one. */
    public Optional<Long> host() {
        Matcher holder = HOLDER.matcher(launcher.statusJson(LOCK));
        return holder.find() ? Optional.of(Long.valueOf(holder.group(1))) : Optional.empty();
    }

    /** Waits until there is a host. */
    public long awaitHost() {
        await("a host").atMost(DEADLINE).pollInterval(LOOKS).until(() -> host().isPresent());
        return host().orElseThrow();
    }

    /** All living processes that were started for it: clients' starts, the host, and the server with what it has started. */
    public List<Long> processes() {
        return Processes.withVariable(MARK, mark());
    }

    /** Waits until no process is left. */
    public void awaitNoProcess() {
        await("the end of all that shares")
                .atMost(DEADLINE)
                .pollInterval(LOOKS)
                .untilAsserted(() -> assertThat(processes()).isEmpty());
    }

    /** Waits until nothing is left, and nobody has the lock: when nobody was killed who would have removed his files. */
    public void awaitNothingLeft() {
        awaitNoProcess();
        assertThat(status()).contains("\"verdict\":\"not-running\"");
        assertThat(launcher.leftovers()).isEmpty();
        assertThat(Launcher.registered(locks)).isEmpty();
    }

    @Override
    public void close() {
        clients.forEach(McpClient::close);
        // What is killed first may just have started another one.
        for (List<Long> left = processes(); !left.isEmpty(); left = processes()) {
            left.forEach(pid -> Processes.signal(pid, "KILL"));
            left.forEach(Processes::awaitDeath);
        }
    }
}
