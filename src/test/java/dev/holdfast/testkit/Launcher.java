package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.cli.CrashingLauncher;
import dev.holdfast.cli.ManyCommands;
import dev.holdfast.commands.report.StatusJson;
import dev.holdfast.error.HoldfastException;
import dev.holdfast.instance.Inspection;
import dev.holdfast.instance.StatusReport;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The real {@code bin/holdfast} of {@code mvn package}, with a lock folder of the test's own. */
public final class Launcher {
    private static final String OPTIONS = "HOLDFAST_JAVA_OPTIONS";
    private static final Path APPLICATION = Path.of(System.getProperty("holdfast.application", "target/holdfast"))
            .toAbsolutePath();

    private static final Duration LOOKS = Duration.ofMillis(20);

    private final Path lockDir;
    private final List<String> shell = new ArrayList<>();
    private final Map<String, String> environment = new LinkedHashMap<>();

    private Launcher(Path lockDir) {
        this.lockDir = lockDir;
        // Neither the configuration file nor the history of whoever runs the tests is touched, and none is left in the
        // folder
        environment.put("HOLDFAST_HOME", "/dev/null");
    }

    /** A home of Holdfast's own for the instances of a lock folder, and not in it. Made by who uses it. */
    public static Path home(Path lockDir) {
        try {
            Path homes = Files.createDirectories(Path.of("target/homes").toAbsolutePath());
            return homes.resolve(Integer.toHexString(lockDir.toAbsolutePath().hashCode()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Launcher in(Path lockDir) {
        return new Launcher(lockDir);
    }

    /** The files of the registry there. */
    public static List<Path> registered(Path lockDir) {
        Path folder = home(lockDir).resolve("instances");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("server_"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The launch script. */
    public static Path executable() {
        return APPLICATION.resolve("bin/holdfast");
    }

    /** The test server's command: {@code perl server.pl ARGUMENTS}. */
    public static List<String> server(String... arguments) {
        List<String> command =
                new ArrayList<>(List.of("perl", resource("server.pl").toString()));
        Collections.addAll(command, arguments);
        return command;
    }

    public static Path resource(String name) {
        return Path.of("src/test/resources", name).toAbsolutePath();
    }

    /** Java 17 and newer that are installed: the one that runs the tests first. */
    public static List<Path> javaHomes() {
        List<Path> homes = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"))));
        try (Stream<Path> installed = Files.list(Path.of("/usr/lib/jvm"))) {
            installed
                    .filter(home -> !Files.isSymbolicLink(home) && Files.isExecutable(home.resolve("bin/java")))
                    .filter(home -> majorVersion(home) >= 17 && homes.stream().noneMatch(known -> isSame(known, home)))
                    .forEach(homes::add);
        } catch (IOException e) {
            return homes;
        }
        return homes;
    }

    private static boolean isSame(Path a, Path b) {
        try {
            return Files.isSameFile(a, b);
        } catch (IOException e) {
            return false;
        }
    }

    /** The feature release of a JDK, by its release file; 0 when it has none. */
    public static int majorVersion(Path home) {
        try {
            return Files.readAllLines(home.resolve("release")).stream()
                    .filter(line -> line.startsWith("JAVA_VERSION=\""))
                    .map(line -> line.replaceAll("[^0-9.]", "").split("\\.")[0])
                    .mapToInt(Integer::parseInt)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    public Launcher env(String name, String value) {
        environment.put(name, value);
        return this;
    }

    public Launcher java(Path home) {
        return env("JAVA_HOME", home.toString());
    }

    /** Lets a certain shell run the script, instead of the one that its first line names. */
    public Launcher shell(String program) {
        shell.add(program);
        return this;
    }

    /** Kills the launcher by SIGKILL after a step. */
    public Launcher crashingAfter(Step step) {
        String more = environment.getOrDefault(OPTIONS, "");
        return env(OPTIONS, more + " " + CrashingLauncher.options(APPLICATION, step));
    }

    /** Lets another program start it, which becomes it: with fewer rights, or behind a seccomp filter. */
    public Launcher below(String... words) {
        Collections.addAll(shell, words);
        return this;
    }

    public Path lockFile(String name) {
        return lockDir.resolve(name + ".lock");
    }

    /** {@code holdfast run OPTIONS -- COMMAND}, named "orders" unless the options say otherwise. */
    public Child run(List<String> options, List<String> command) {
        return Child.start(builder(options, command));
    }

    /** The same, to be started in another way. */
    public ProcessBuilder builder(List<String> options, List<String> command) {
        List<String> words = runWords(options);
        words.addAll(command);
        return builder(words);
    }

    /** {@code bin/holdfast run OPTIONS --}, for a program that starts it: a list to add to. */
    public List<String> wordsOfRun(String... options) {
        List<String> words = runWords(List.of(options));
        words.add(0, executable().toString());
        return words;
    }

    private List<String> runWords(List<String> options) {
        List<String> words = new ArrayList<>(List.of("run", "--lock-dir", lockDir.toString()));
        if (options.stream().noneMatch(option -> option.startsWith("--name") || option.startsWith("-n"))) {
            words.addAll(List.of("--name", "orders"));
        }
        words.addAll(options);
        words.add("--");
        return words;
    }

    /** Any command; its words are all that follows {@code holdfast}. */
    public Child command(List<String> words) {
        return Child.start(builder(words));
    }

    /**
     * What a command line has ended with.
     *
     * @param code as an exit code
     * @param stdout the results
     * @param stderr the complaints
     */
    public record Answer(int code, String stdout, String stderr) {}

    /**
     * Several command lines that read and print, in one JVM: the start of a JVM for each costs most of a second. All of
     * ASCII, since the bytes of other words are read from the command line of the process.
     */
    public List<Answer> answers(List<List<String>> lines) {
        assertThat(lines).allSatisfy(line -> assertThat(String.join("", line)).matches("\\p{ASCII}*"));
        List<String> words = new ArrayList<>();
        for (List<String> line : lines) {
            words.addAll(line);
            words.add(ManyCommands.THEN);
        }
        Launcher many = new Launcher(lockDir);
        many.environment.putAll(environment);
        try (Child child = many.env(OPTIONS, ManyCommands.options(APPLICATION)).command(words)) {
            assertThat(child.awaitExit()).as("%s", child).isZero();
            String[] out = child.stdout().split("(?<=" + ManyCommands.THEN + "\\d{1,3}\n)", -1);
            String[] err = child.stderr().split(ManyCommands.THEN + "\n", -1);
            List<Answer> answers = new ArrayList<>();
            for (int i = 0; i < lines.size(); i++) {
                int end = out[i].lastIndexOf(ManyCommands.THEN);
                int code = Integer.parseInt(
                        out[i].substring(end + ManyCommands.THEN.length()).trim());
                answers.add(new Answer(code, out[i].substring(0, end), err[i]));
            }
            assertThat(out[lines.size()] + err[lines.size()]).isEmpty();
            return answers;
        }
    }

    public ProcessBuilder builder(List<String> words) {
        List<String> all = new ArrayList<>(shell);
        all.add(executable().toString());
        all.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(all);
        builder.environment().keySet().removeIf(name -> name.startsWith("HOLDFAST_") || name.equals("FORCE_TERMINATE"));
        builder.environment().putAll(environment);
        return builder;
    }

    /**
     * What {@code holdfast status NAME --json} prints, as this JVM finds it out by the command's own code: nothing where the
     * command would only complain. A JVM for each look costs more than all else that a test does. That the command
     * prints this is StatusStopIT's.
     */
    public String statusJson(String name) {
        try {
            Inspection inspection = Inspection.of(new LockFile(lockDir.toString(), name + ".lock"));
            return new StatusJson().of(new StatusReport(name, inspection));
        } catch (HoldfastException e) {
            return "";
        }
    }

    /** Waits until {@code holdfast status} says that an instance is in a certain state. */
    public void awaitState(String name, String state) {
        await().atMost(Duration.ofSeconds(30))
                .pollDelay(Duration.ZERO)
                .pollInterval(LOOKS)
                .untilAsserted(() -> assertThat(statusJson(name)).contains("\"state\":\"" + state + "\""));
    }

    /** Waits until the launcher has written down who its server is: the server may be ready before that. */
    public void awaitRecordedServer(String name) {
        Path file = lockFile(name);
        await("a server in the record of " + name)
                .atMost(Duration.ofSeconds(30))
                .pollDelay(Duration.ZERO)
                .pollInterval(LOOKS)
                .until(() -> hasServer(file));
    }

    private static boolean hasServer(Path lockFile) {
        try {
            return Files.readString(lockFile, StandardCharsets.ISO_8859_1).contains("\"serverPid\":");
        } catch (IOException e) {
            return false; // not yet there, or just made again
        }
    }

    /** Waits until the launcher can be asked, a moment after its server's start. */
    public void awaitSocket(String name) {
        Path socket = lockDir.resolve(name + ".sock");
        await("the control socket of " + name)
                .pollDelay(Duration.ZERO)
                .pollInterval(LOOKS)
                .until(() -> Files.exists(socket));
    }

    /** What is in the lock folder. */
    public List<String> leftovers() {
        try (Stream<Path> files = Files.list(lockDir)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
