package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.lock.file.Step;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.ForEachJava;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Guards the way to the server: what is loaded there is paid for by every start. Counts, not times, so that it fails on
 * a busy machine for the same reason as on an idle one. A newcomer that has to be there goes into the list.
 */
@Timeout(180)
class StartPathIT {
    private static final int MOST_OF_OURS = 114;
    /** The JDK's own, and jffi's, beyond what is ours: without an archive, which hides none of them. */
    private static final int MOST_OF_OTHERS = 1060;

    private static final int MOST_FOR_A_STOP = 30;
    private static final int MOST_AFTER_A_WAIT = 4;
    private static final String FIRST_AFTER_THE_SPAWN = "dev/holdfast/supervise/LastDefence'";

    private static final Pattern TIMING = Pattern.compile(
            "(?m)^holdfast: ms since the start: script ([\\d.]+), jvm ([\\d.]+), options ([\\d.]+), lock ([\\d.]+),"
                    + " record ([\\d.]+), server ([\\d.]+), loop ([\\d.]+)$");

    @TempDir
    Path locks;

    @ForEachJava
    void fewClassesAreLoadedBeforeTheServerIsThere(Path java) throws IOException {
        List<String> known = Files.readAllLines(Launcher.resource("start-classes.txt"));
        Set<String> ours = new TreeSet<>();
        int others = 0;
        List<String> loaded = loadedUntilTheSpawn(java);
        for (String type : loaded) {
            if (type.startsWith("dev/holdfast/")) {
                ours.add(type);
            } else {
                others++;
            }
        }
        ours.remove("dev/holdfast/cli/CrashingLauncher"); // the test's own
        Set<String> newcomers = new TreeSet<>(ours);
        known.forEach(newcomers::remove);
        assertThat(ours)
                .as("at most %d; newcomers: %s", MOST_OF_OURS, newcomers)
                .hasSizeLessThanOrEqualTo(MOST_OF_OURS);
        assertThat(ours).as("the list is kept").contains("dev/holdfast/guard/Guard");
        assertThat(others).as("classes of the JDK and of jffi").isLessThanOrEqualTo(MOST_OF_OTHERS);
        assertThat(loaded)
                .as(
                        "the first lambda of a JVM's life, which regular expressions and formats have, loads a hundred classes")
                .noneMatch(type -> type.startsWith("java/util/regex/")
                        || type.startsWith("java/util/Formatter")
                        || type.contains("/InnerClassLambdaMetafactory"));
        assertThat(ours)
                .as("nothing of these is needed before the server runs")
                .noneMatch(
                        type -> type.contains("/JsonLines") || type.contains("/Commands") || type.contains("/Hook$"));
    }

    /** A code cache that is small was once, at each start of a JVM 25, a reason for a collection of all there is. */
    @ForEachJava
    void noStartBeginsWithAFullCollection(Path java) {
        Launcher launcher = Launcher.in(locks)
                .java(java)
                .env("HOLDFAST_JAVA_OPTIONS", "-Xlog:gc=info:stderr:uptime -Xlog:class+load=info:stderr:uptime");
        try (Child run = launcher.run(List.of(), List.of("true"))) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stderr())
                    .contains("dev.holdfast.guard.Guard source:")
                    .doesNotContain("Pause Full");
        }
    }

    /** A stop is in a hurry, too, and what it needs is used once in a life: nothing in it is worth a mathematics library. */
    @ForEachJava
    void fewClassesAreLoadedBetweenTheSignalAndTheEnd(Path java) throws IOException {
        Path loaded = locks.resolve("loaded");
        Launcher launcher = Launcher.in(locks)
                .java(java)
                .env("HOLDFAST_HOME", Launcher.home(locks).toString())
                .env("HOLDFAST_JAVA_OPTIONS", "-Xlog:class+init=info:file=" + loaded + ":none");
        try (Child run = launcher.run(List.of(), List.of("sh", "-c", "echo up; exec sleep 60"))) {
            run.awaitOut("up");
            await().until(() -> Files.exists(locks.resolve("orders.sock")));
            await().until(() -> !Launcher.registered(locks).isEmpty());
            // What the start has left to be done is done: nothing more comes.
            long[] size = {0};
            await().pollInterval(Duration.ofMillis(300)).until(() -> size[0] == (size[0] = Files.size(loaded)));
            long before = size[0];
            run.signal("TERM");
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(143);
            String after = Files.readString(loaded).substring((int) before);
            assertThat(initialized(after))
                    .contains("dev/holdfast/supervise/StopReason")
                    .noneMatch(type -> type.startsWith("java/math/") || type.contains("java/lang/invoke/"))
                    .hasSizeLessThanOrEqualTo(MOST_FOR_A_STOP);
        }
    }

    /** Whoever waits has time for what its server's start needs: once the lock is free, hardly anything is left to be loaded. */
    @ForEachJava
    void waiterHasLoadedWhatItsServerNeeds(Path java) throws IOException {
        Path loaded = locks.resolve("loaded");
        Launcher waiting = Launcher.in(locks)
                .java(java)
                .env("HOLDFAST_JAVA_OPTIONS", "-Xlog:class+init=info:file=" + loaded + ":none");
        List<String> wait = List.of("--on-conflict", "wait");
        try (Child holder = Launcher.in(locks).run(List.of("--death-signal", "KILL"), Launcher.server())) {
            holder.awaitServer();
            try (Child waiter = waiting.run(wait, List.of("sh", "-c", "echo up"))) {
                waiter.awaitErr("waiting for");
                await().until(() -> Files.readString(loaded).contains("dev/holdfast/posix/signals/DeathSignal'"));
                long[] size = {0};
                await().pollInterval(Duration.ofMillis(300)).until(() -> size[0] == (size[0] = Files.size(loaded)));
                long before = size[0];
                assertThat(waiter.stderr()).as("what it says meanwhile").hasLineCount(1);
                assertThat(Processes.children(waiter.pid())).isEmpty();
                assertThat(openFiles(waiter)).noneMatch(file -> file.contains("rehearsal"));
                assertThat(openFiles(waiter))
                        .filteredOn(file -> file.startsWith("pipe:"))
                        .as("its three streams")
                        .hasSizeLessThanOrEqualTo(3);
                // Without an environment, as each process is that is about to end: it gets a second look.
                try (Child bare = Child.start(new ProcessBuilder("env", "-i", "sleep", "100"))) {
                    Path environment = Path.of("/proc/" + bare.pid() + "/environ");
                    await().until(() -> Files.readAllBytes(environment).length == 0);
                    holder.signal("KILL");
                    waiter.awaitOut("up");
                }
                assertThat(waiter.awaitExit()).as("%s", waiter).isZero();
                String after = Files.readString(loaded).substring((int) before);
                assertThat(after).contains(FIRST_AFTER_THE_SPAWN);
                assertThat(initialized(after.substring(0, after.indexOf(FIRST_AFTER_THE_SPAWN))))
                        .hasSizeLessThanOrEqualTo(MOST_AFTER_A_WAIT);
            }
        }
    }

    private static List<String> openFiles(Child child) throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + child.pid() + "/fd"))) {
            return descriptors
                    .map(each -> Processes.descriptor(
                            child.pid(), Integer.parseInt(each.getFileName().toString())))
                    .toList();
        }
    }

    private static List<String> initialized(String log) {
        return Pattern.compile("Initializing '([^']+)'")
                .matcher(log)
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    /** Health checks come every few seconds, for each container. */
    @ForEachJava
    void healthCheckLoadsNoFramework(Path java) throws IOException {
        try (Child run = Launcher.in(locks).run(List.of(), Launcher.server())) {
            run.awaitServer();
            Launcher.in(locks).awaitRecordedServer("orders");
            for (List<String> words : List.of(List.of("status"), List.of("status", "orders"))) {
                Path list = locks.resolve("classes");
                List<String> line = Stream.concat(words.stream(), Stream.of("--lock-dir", locks.toString()))
                        .toList();
                try (Child status = listing(java, list).command(line)) {
                    assertThat(status.awaitExit()).as("%s", status).isZero();
                    assertThat(status.stdout()).contains("orders: running");
                }
                assertThat(types(list))
                        .contains("dev/holdfast/instance/StatusReport")
                        .hasSizeLessThanOrEqualTo(MOST_OF_OURS + MOST_OF_OTHERS)
                        .noneMatch(type -> type.startsWith("picocli/") || type.startsWith("com/fasterxml/"));
            }
        }
    }

    /** What a user waits for has no part that the JVM makes at run time, and no framework for a digest. */
    @Test
    void commandsAroundTheBackgroundMakeNoClasses() throws IOException {
        try (Child run = Launcher.in(locks).run(List.of(), Launcher.server())) {
            run.awaitServer();
            for (List<String> words : List.of(List.of("wait", "orders"), List.of("start", "--name", "orders"))) {
                Path lists = Files.createDirectory(locks.resolve(words.get(0)));
                List<String> line = new ArrayList<>(words);
                line.addAll(List.of("--lock-dir", locks.toString()));
                if (words.contains("start")) {
                    line.addAll(List.of("--on-conflict", "skip", "--", "sleep", "100"));
                }
                Launcher launcher = Launcher.in(locks)
                        .env("HOLDFAST_HOME", locks.toString())
                        .env("HOLDFAST_NO_ARCHIVE", "1")
                        .env("HOLDFAST_JAVA_OPTIONS", "-XX:DumpLoadedClassList=" + lists + "/%p");
                try (Child command = launcher.command(line)) {
                    assertThat(command.awaitExit()).as("%s", command).isZero();
                    assertThat(types(lists.resolve("pid" + command.pid())))
                            .contains("dev/holdfast/instance/InstanceWatch")
                            .noneMatch(type -> type.startsWith("java/util/regex/")
                                    || type.startsWith("java/security/MessageDigest")
                                    || type.contains("/InnerClassLambdaMetafactory"));
                }
            }
        }
    }

    private List<String> loadedUntilTheSpawn(Path java) throws IOException {
        Path list = locks.resolve("classes");
        Launcher launcher = listing(java, list).crashingAfter(Step.RUN_SPAWNED);
        try (Child run = launcher.run(List.of(), List.of("true"))) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(137);
        }
        return types(list);
    }

    private Launcher listing(Path java, Path list) {
        return Launcher.in(locks)
                .java(java)
                .env("HOLDFAST_NO_ARCHIVE", "1") // a JVM with an AOT cache writes no such list
                .env("HOLDFAST_JAVA_OPTIONS", "-XX:DumpLoadedClassList=" + list);
    }

    private static List<String> types(Path list) throws IOException {
        List<String> types = new ArrayList<>();
        for (String line : Files.readAllLines(list)) {
            if (!line.startsWith("#") && !line.startsWith("@")) {
                types.add(line.split(" ")[0]);
            }
        }
        return types;
    }

    @Test
    void timingTellsEachStepInItsOrder() {
        Launcher launcher = Launcher.in(locks).env("HOLDFAST_TIMING", "1");
        try (Child run = launcher.run(List.of(), List.of("sh", "-c", "env | grep HOLDFAST_SET; exit 4"))) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(4);
            Matcher timing = TIMING.matcher(run.stderr());
            assertThat(timing.find()).as("%s", run).isTrue();
            for (int i = 2; i <= timing.groupCount(); i++) {
                assertThat(Double.parseDouble(timing.group(i)))
                        .isGreaterThanOrEqualTo(Double.parseDouble(timing.group(i - 1)));
            }
            assertThat(run.stdout()).as("what only the launcher is told").isEmpty();
        }
    }
}
