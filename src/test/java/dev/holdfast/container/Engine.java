package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Child;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * podman with a store of its own in {@code target/container}, which nobody else sees and which is removed at the end.
 *
 * <p>Its CLI takes the words of {@code docker}'s.
 */
final class Engine implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final AtomicInteger COUNTER = new AtomicInteger();

    private final Path home;
    private final Map<String, String> environment;

    private Engine(Path home) {
        this.home = home;
        environment = Map.of(
                "CONTAINERS_CONF", home.resolve("containers.conf").toString(),
                "CONTAINERS_STORAGE_CONF", home.resolve("storage.conf").toString());
    }

    static Engine open() {
        Path home = Path.of("target/container").toAbsolutePath();
        Engine engine = new Engine(home);
        try {
            engine.clear();
            Files.createDirectories(home);
            // Debian's crun refuses mixed control groups, and podman raises limits that not every root may raise.
            Files.writeString(home.resolve("containers.conf"), """
                    [containers]
                    default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
                    [engine]
                    runtime = "runc"
                    [network]
                    network_config_dir = "%s"
                    """.formatted(home.resolve("networks")));
            Files.writeString(
                    home.resolve("storage.conf"),
                    "[storage]\ndriver = \"overlay\"\ngraphroot = \"" + home.resolve("store") + "\"\nrunroot = \""
                            + home.resolve("run") + "\"\n");
            new Images(engine).build();
            return engine;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException | AssertionError e) {
            engine.close();
            throw e;
        }
    }

    /** Where the store is; whatever a test puts there is removed at the end. */
    Path home() {
        return home;
    }

    /** {@code podman WORDS}; its stdout and stderr are the container's where it runs one. */
    Child podman(List<String> words) {
        List<String> all = new ArrayList<>(List.of("podman", "--log-level", "fatal"));
        all.addAll(words);
        return Child.start(builder(all));
    }

    /** Any program that starts podman itself. */
    ProcessBuilder builder(List<String> words) {
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().keySet().removeIf(name -> name.startsWith("HOLDFAST_") || name.startsWith("JAVA_"));
        builder.environment().putAll(environment);
        return builder;
    }

    /** {@code podman WORDS} to its good end; what it printed. */
    String ok(List<String> words) {
        return ok(podman(words));
    }

    /** A program to its good end; what it printed. */
    static String ok(Child child) {
        try (child) {
            assertThat(child.awaitExit(Duration.ofMinutes(2))).as("%s", child).isZero();
            return child.stdout().trim();
        }
    }

    /** Runs a container in the background; no network, no health timer. */
    Container start(List<String> options, String image, List<String> command) {
        return named(List.of("run", "-d"), options, image, command);
    }

    /** A container that is ready to be started. */
    Container create(List<String> options, String image, List<String> command) {
        return named(List.of("create"), options, image, command);
    }

    private Container named(List<String> verb, List<String> options, String image, List<String> command) {
        String name = "holdfast-" + COUNTER.incrementAndGet();
        List<String> words = new ArrayList<>(verb);
        words.addAll(List.of("--name", name));
        words.addAll(common(options, image, command));
        ok(words);
        return new Container(this, name);
    }

    /** Starts all of them beside each other; when it returns, all have been started. */
    void startAtOnce(List<Container> containers) {
        List<Child> starts = containers.stream()
                .map(container -> podman(List.of("start", container.name())))
                .toList();
        starts.forEach(Engine::ok);
    }

    /** Runs one in the foreground, and removes it at its end. */
    Child run(List<String> options, String image, List<String> command) {
        List<String> words = new ArrayList<>(List.of("run", "--rm"));
        words.addAll(common(options, image, command));
        return podman(words);
    }

    private static List<String> common(List<String> options, String image, List<String> command) {
        List<String> words = new ArrayList<>();
        if (options.stream().noneMatch(option -> option.startsWith("--network"))) {
            words.addAll(List.of("--network", "none"));
        }
        words.addAll(options);
        words.add(image);
        words.addAll(command);
        return words;
    }

    /** A volume of a test's own. */
    String volume() {
        return ok(List.of("volume", "create", "locks-" + COUNTER.incrementAndGet()));
    }

    /** Ends what an interrupted run left behind, and removes the store. */
    private void clear() {
        if (!Files.isDirectory(home)) {
            return;
        }
        if (Files.exists(home.resolve("storage.conf"))) {
            try (Child rm = podman(List.of("rm", "-f", "-a", "-t", "0"))) {
                rm.awaitExit(DEADLINE);
            }
            try (Child umount = podman(List.of("umount", "-a", "-f"))) {
                umount.awaitExit(DEADLINE);
            }
        }
        try (Child rm = Child.start(new ProcessBuilder(
                "sh",
                "-c",
                // The engine keeps its store mounted on itself, and notes a container's out-of-memory kill where it is.
                "umount -q \"$1/store/overlay\"; rm -rf --one-file-system \"$1\" oom",
                "sh",
                home.toString()))) {
            assertThat(rm.awaitExit(DEADLINE)).as("%s", rm).isZero();
        }
    }

    @Override
    public void close() {
        clear();
    }
}
