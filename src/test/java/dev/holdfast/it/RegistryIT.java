package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.registry.ManyInstances;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each running instance has its file, and {@code holdfast ps} tells who runs by what can be proved. */
@Timeout(180)
class RegistryIT {
    @TempDir
    Path folder;

    private Path locks() throws IOException {
        return Files.createDirectories(folder.resolve("locks"));
    }

    private Path home() {
        return folder.resolve("home");
    }

    private Launcher launcher() throws IOException {
        return Launcher.in(locks()).env("HOLDFAST_HOME", home().toString());
    }

    private List<Path> files() throws IOException {
        Path instances = home().resolve("instances");
        if (!Files.isDirectory(instances)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(instances)) {
            return files.filter(file -> file.getFileName().toString().startsWith("server_"))
                    .toList();
        }
    }

    private String ps(String... options) throws IOException {
        List<String> words = new ArrayList<>(List.of("ps"));
        words.addAll(List.of(options));
        try (Child ps = launcher().command(words)) {
            assertThat(ps.awaitExit()).as("%s", ps).isZero();
            return ps.stdout() + ps.stderr();
        }
    }

    /** One life, with all that may happen to the file in it; a second instance is killed. */
    @Test
    void fileComesBackGoesWithItsInstanceAndTellsOfOneThatWasKilled() throws IOException {
        List<String> options =
                List.of("--heartbeat-interval=1", "--data-dir=/srv/orders", "--port=8080", "--config-env=APP_*");
        try (Child run = launcher().env("APP_SECRET", "hidden-value").run(options, List.of("sleep", "100"));
                Child killed = launcher()
                        .run(List.of("--name", "victim", "--death-signal", "KILL"), List.of("sleep", "100"))) {
            await().until(() -> files().size() == 2);
            Path file = files().stream()
                    .filter(path -> path.getFileName().toString().startsWith("server_" + run.pid() + "-"))
                    .findFirst()
                    .orElseThrow();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(Files.readString(file))
                    .contains("\"name\":\"orders\"", "\"port\":8080", "\"env:APP_SECRET\":", "\"state\":\"running\"")
                    .doesNotContain("hidden-value");
            Files.delete(file);
            await().until(() -> Files.exists(file));

            killed.signal("KILL");
            killed.awaitExit();
            Files.writeString(home().resolve("instances/server_garbage.json"), "{torn");
            assertThat(ps("--sort", "state"))
                    .containsPattern("orders +running +" + run.pid() + " .* 8080 /srv/orders\n")
                    .containsPattern("victim +stale +" + killed.pid() + " ")
                    .contains("server_garbage.json\" is not shown: it is no record of an instance; it was moved to");
            assertThat(home().resolve("instances/corrupt/server_garbage.json")).hasContent("{torn");
            assertThat(ps("--json"))
                    .startsWith("[{\"name\":\"orders\"")
                    .contains("\"verdict\":\"stale\"", "\"directories\":[\"/srv/orders\"]");
            run.signal("TERM");
            run.awaitExit();
            assertThat(file).doesNotExist();
            assertThat(ps()).doesNotContain("orders");
        }
    }

    /** With its file, or where there was no time for one by its lock; and without a trace when it was killed. */
    @Test
    void serverInItsLaunchersPlaceIsSeenAndNotMissed() throws IOException {
        for (int i = 0; i < 2; i++) {
            Launcher launcher = launcher().env("HOLDFAST_LOCK_DIR", locks().toString());
            try (Child run = launcher.run(List.of("--handoff", "exec"), Launcher.server())) {
                run.awaitServer();
                try (Child ps = launcher.command(List.of("ps"))) {
                    assertThat(ps.awaitExit()).as("%s", ps).isZero();
                    assertThat(ps.stdout()).containsPattern("orders +exec +" + run.pid() + " ");
                }
                run.signal("KILL");
                run.awaitExit();
            }
            try (Child ps = launcher.command(List.of("ps"))) {
                assertThat(ps.awaitExit()).as("%s", ps).isZero();
                assertThat(ps.stdout()).contains("no instance in ");
            }
            assertThat(files()).isEmpty();
        }
    }

    /** Once more for each change where nobody looks at it; in its place on a terminal, until it is interrupted. */
    @Test
    void listIsWatched() throws IOException {
        ProcessBuilder sized = launcher().builder(List.of("ps", "--watch"));
        List<String> words = new ArrayList<>(List.of("sh", "-c", "stty cols 80 rows 24; exec \"$@\"", "sh"));
        words.addAll(sized.command());
        sized.command(words);
        try (Child piped = launcher().command(List.of("ps", "--watch"))) {
            piped.awaitOut("no instance in .*");
            try (Child run = launcher().run(List.of(), List.of("sleep", "100"));
                    Child terminal = Terminal.start(sized)) {
                piped.awaitOut("orders +running +" + run.pid() + " .*");
                terminal.awaitOut(".*orders +running +" + run.pid() + " .*");
                run.signal("TERM");
                run.awaitExit();
                await().until(() -> terminal.stdout().contains("\u001b[Hno instance in "));
                Terminal.type(terminal, "\003");
                terminal.awaitOut(".*<signal 2>.*");
            }
            await().until(() -> piped.stdout().split("no instance in ", -1).length == 3);
            assertThat(piped.stdout()).doesNotContain("\u001b");
            assertThat(piped.stdout().split("orders +running", -1)).as("once").hasSize(2);
            piped.signal("INT");
            piped.awaitExit();
        }
    }

    /** Processor time, not the clock's: the machine may be busy. */
    @Test
    void thousandInstancesAreListedAndJudgedSoon() throws IOException {
        ManyInstances.writeMixed(home(), 1000);
        for (int i = 0; i < 20; i++) {
            Files.writeString(home().resolve("instances/server_torn-" + i + ".json"), "{torn");
        }
        for (List<String> words : List.of(List.of("ps"), List.of("doctor", "--lock-dir", locks().toString()))) {
            ProcessBuilder builder = launcher().builder(words);
            List<String> timed = new ArrayList<>(List.of("sh", "-c", "\"$@\"; echo code $?; times", "sh"));
            timed.addAll(builder.command());
            builder.command(timed);
            try (Child command = Child.start(builder)) {
                assertThat(command.awaitExit()).as("%s", command).isZero();
                String[] lines = command.stdout().split("\n", -1);
                String[] used = lines[lines.length - 2].split("[m s]+", -1);
                double seconds = Double.parseDouble(used[1]) + Double.parseDouble(used[3]);
                assertThat(command.stdout()).contains("server-0", words.get(0).equals("ps") ? "code 0" : "code 2");
                assertThat(command.stdout().split("stale_instance: | stale ", -1))
                        .as("half of them")
                        .hasSize(501);
                assertThat(seconds).as("seconds of a processor for %s", words).isLessThan(3);
            }
        }
    }

    /** The user has said the folder, so he is told; the usual one is nobody's wish. */
    @Test
    void whatCannotBeWrittenIsToldAndHindersNobody() throws IOException {
        Path said = Files.createFile(folder.resolve("file"));
        try (Child warned = launcher().run(List.of("--tracking-dir", said.toString()), List.of("sleep", "100"));
                Child quiet = launcher()
                        .env("HOLDFAST_HOME", "/dev/null")
                        .run(List.of("--name=quiet"), List.of("sleep", "100"));
                Child off = launcher()
                        .env("HOLDFAST_INSTANCE__TRACKING_ENABLED", "false")
                        .run(List.of("--name=off"), List.of("sleep", "100"))) {
            warned.awaitErr("this instance is not in the registry, so ps does not show it: the folder \"" + said
                    + "\" is a regular file, not a directory");
            for (String name : List.of("quiet", "off")) {
                await().until(() -> Files.exists(locks().resolve(name + ".sock")));
            }
            for (Child child : List.of(warned, quiet, off)) {
                child.signal("TERM");
                assertThat(child.awaitExit()).as("%s", child).isEqualTo(143);
            }
            assertThat(quiet.stderr()).doesNotContain("registry");
            assertThat(files()).isEmpty();
        }
    }

    /** The next heartbeat writes into whatever stands there then. */
    @Test
    void fileComesBackInAFolderThatWasReplacedOrFull() throws IOException {
        Path small = Files.createDirectory(folder.resolve("small"));
        try (Child mount =
                Child.start(new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=64k", "none", small.toString()))) {
            assumeTrue(mount.awaitExit() == 0, "needs to mount");
        }
        Path instances = small.resolve("instances");
        Path filler = small.resolve("filler");
        try {
            Files.createDirectory(instances);
            assertThatThrownBy(() -> Files.write(filler, new byte[1 << 20])).isInstanceOf(IOException.class);
            try (Child run = launcher()
                    .run(
                            List.of("--tracking-dir", instances.toString(), "--heartbeat-interval=1"),
                            List.of("sleep", "100"))) {
                run.awaitErr("this instance is not in the registry, so ps does not show it: cannot write .*no space");
                await().until(() -> isEmpty(instances)); // each heartbeat tries, with a file that it removes again
                Files.delete(filler);
                await().until(() -> !isEmpty(instances));
                Files.move(instances, small.resolve("moved"));
                Files.createDirectories(instances); // its owner may be the first
                await().until(() -> !isEmpty(instances));
                run.signal("TERM");
                assertThat(run.awaitExit()).isEqualTo(143);
                assertThat(instances).isEmptyDirectory();
                assertThat(run.stderr()).as("once").containsOnlyOnce("is not in the registry");
            }
        } finally {
            try (Child unmount = Child.start(new ProcessBuilder("umount", "-l", small.toString()))) {
                unmount.awaitExit();
            }
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    @Test
    void wrongWordsOfPsAreRefused() throws IOException {
        try (Child ps = launcher().command(List.of("ps", "orders", "--sort", "size"))) {
            assertThat(ps.awaitExit()).isEqualTo(64);
            assertThat(ps.stderr())
                    .contains("ps takes no NAME")
                    .contains("--sort \"size\" must be one of name, state, pid, age, restarts, memory");
        }
        assertThat(ps()).contains("no instance in " + home());
    }
}
