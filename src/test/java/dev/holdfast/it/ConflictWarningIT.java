package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.EmbeddedServer;
import dev.holdfast.testkit.ForEachJava;
import dev.holdfast.testkit.Launcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A start that finds itself in conflict says so in one line, and runs. */
@Timeout(180)
class ConflictWarningIT {
    @TempDir
    Path folder;

    private Launcher launcher() throws IOException {
        return Launcher.in(Files.createDirectories(folder.resolve("locks")))
                .env("HOLDFAST_HOME", folder.resolve("home").toString());
    }

    private Child run(String name, String... options) throws IOException {
        List<String> all = new ArrayList<>(List.of("--name", name, "--log-level", "debug"));
        all.addAll(List.of(options));
        return launcher().run(all, List.of("sleep", "100"));
    }

    /** One that has looked for conflicts. */
    private Child reported(String name, String... options) throws IOException {
        Child child = run(name, options);
        try {
            child.awaitErr("conflict detection, step 7: ");
        } catch (RuntimeException | Error e) {
            child.close();
            throw e;
        }
        return child;
    }

    private String doctor(int code, String level) throws IOException {
        try (Child doctor =
                launcher().command(List.of("doctor", "--conflict-detection", level, "--lock-dir", folder + "/locks"))) {
            assertThat(doctor.awaitExit()).as("%s at %s", doctor, level).isEqualTo(code);
            return doctor.stdout();
        }
    }

    private static void end(Child... runs) {
        for (Child run : runs) {
            run.signal("TERM");
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(143);
        }
    }

    /** Five instances in one folder: each says what its own level has it say. */
    @Test
    void oneLineAtEachLevelAndSevenSteps() throws IOException {
        String data = Files.createDirectory(folder.resolve("data")).toString();
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of(data));
        Files.createDirectory(folder.resolve("data/below"));
        try (Child first = run("first", "--data-dir", data)) {
            first.awaitErr("conflict detection, step 7: recommendation: none");
            // One after the other, so that each knows whom it meets first.
            try (Child strict = reported("strict", "--data-dir", data + "/below");
                    Child moderate =
                            reported("moderate", "--data-dir", link.toString(), "--conflict-detection=moderate");
                    Child relaxed = reported("relaxed", "--data-dir", data, "--conflict-detection=relaxed");
                    Child version = reported(
                            "version", "--data-dir=" + data, "--app-version=2", "--conflict-detection=relaxed")) {
                String warning = "[WARN] [" + strict.pid();
                strict.awaitErr("with \"first\" pid=" + first.pid());
                assertThat(strict.stderr().lines().filter(line -> line.contains("[WARN]")))
                        .singleElement()
                        .asString()
                        .contains(
                                warning, "multiple_instances: Multiple servers running", "holdfast doctor tells what");
                moderate.awaitErr(
                        "multiple_instances: Multiple servers running simultaneously on the same directories");
                relaxed.awaitErr("conflict detection, step 6: report: conflicts=");
                version.awaitErr("configuration_mismatch: Different version configuration detected, with ");
                for (int step = 1; step <= 7; step++) {
                    assertThat(strict.stderr()).contains("conflict detection, step " + step + ": ");
                }
                assertThat(doctor(2, "strict")).contains("multiple_instances", "configuration_mismatch");
                assertThat(doctor(2, "relaxed"))
                        .contains("configuration_mismatch")
                        .doesNotContain("multiple_instances");
                end(strict, moderate, relaxed, version);
            }
            end(first);
        }
    }

    /** A server that guards itself warns in its own log, and others warn of it. */
    @ForEachJava
    void embeddedServerWarnsInItsLog(Path java) throws IOException {
        String data = Files.createDirectory(folder.resolve("data")).toString();
        try (Child first = embedded(java, "first", "data=" + data, "port=7001", "version=1")) {
            first.awaitServer();
            awaitRegistered(1);
            try (Child sibling = embedded(java, "second", "data=" + data + "/below", "version=2")) {
                sibling.awaitErr("WARNING: configuration_mismatch: Different .*version.* configuration detected,"
                        + " with \"orders\" pid=" + first.pid());
                assertThat(first.stderr()).doesNotContain("configuration_mismatch");
                sibling.signal("TERM");
                assertThat(sibling.awaitExit()).as("%s", sibling).isEqualTo(143);
            }
            try (Child launched = run("launched", "--data-dir=" + data, "--port=7001")) {
                launched.awaitErr("configuration_mismatch: .*, with \"orders\" pid=" + first.pid());
                end(launched);
            }
            end(first);
        }
    }

    private Child embedded(Path java, String lockFolder, String... arguments) throws IOException {
        Path locks = Files.createDirectories(folder.resolve(lockFolder));
        ProcessBuilder builder = EmbeddedServer.in(java, List.of(), locks, arguments);
        builder.environment().put("HOLDFAST_HOME", folder.resolve("home").toString());
        return Child.start(builder);
    }

    private void awaitRegistered(int count) {
        Path instances = folder.resolve("home/instances");
        await().until(() -> {
            String[] names = instances.toFile().list((parent, name) -> name.startsWith("server_"));
            return names != null && names.length == count;
        });
    }

    /** Neither a link nor one path: the kernel alone tells that it is one folder. */
    @Test
    void bindMountIsTheSameFolder() throws IOException {
        Path data = Files.createDirectory(folder.resolve("data"));
        Path bound = Files.createDirectory(folder.resolve("bound"));
        try (Child mount = Child.start(new ProcessBuilder("mount", "--bind", data.toString(), bound.toString()))) {
            assumeTrue(mount.awaitExit() == 0, "needs to mount");
        }
        try (Child one = run("one", "--data-dir", data.toString())) {
            one.awaitErr("step 7: recommendation: none");
            try (Child other = run("other", "--data-dir", bound.toString())) {
                other.awaitErr("multiple_instances: Multiple servers running simultaneously on the same directories");
                assertThat(doctor(2, "strict")).contains("multiple_instances");
                assertThat(doctor(1, "moderate")).contains("multiple_instances");
                assertThat(doctor(0, "relaxed")).doesNotContain("multiple_instances");
                end(other);
            }
            end(one);
        } finally {
            try (Child unmount = Child.start(new ProcessBuilder("umount", bound.toString()))) {
                unmount.awaitExit();
            }
        }
    }

    /** What others wrote hinders nobody, and the level may be a variable or a key. */
    @Test
    void hostileRegistryHindersNoStart() throws IOException {
        Path instances = Files.createDirectories(folder.resolve("home/instances"));
        Files.writeString(instances.resolve("server_torn.json"), "{torn");
        Files.writeString(instances.resolve("server_deep.json"), "{\"a\":".repeat(100_000));
        Files.write(instances.resolve("server_huge.json"), new byte[3 << 20]);
        Files.createSymbolicLink(instances.resolve("server_link.json"), Path.of("/etc/passwd"));
        Files.createDirectory(instances.resolve("server_folder.json"));
        Files.writeString(instances.resolve("server_\u001b[31mred.json"), "{}");
        try (Child fifo = Child.start(new ProcessBuilder("mkfifo", instances + "/server_fifo.json"))) {
            assertThat(fifo.awaitExit()).isZero();
        }
        Files.writeString(folder.resolve("home/config.toml"), "conflict-detection = \"moderate\"\n");
        try (Child run = run("orders")) {
            run.awaitErr("step 2: load existing instance files: 7, with something in common: 2"); // the long ones
            run.awaitErr("step 3: check process existence: live=0 stale=0 other=2");
            run.awaitErr("level=moderate");
            await().until(() -> Files.exists(folder.resolve("locks/orders.sock")));
            try (Child ps = launcher().command(List.of("ps"))) {
                assertThat(ps.awaitExit()).as("%s", ps).isZero();
                assertThat(ps.stdout()).contains("orders");
                assertThat(ps.stderr()).contains("server_fifo.json").doesNotContain("\u001b");
            }
            assertThat(instances.resolve("corrupt/server_huge.json")).hasSize(3 << 20);
            assertThat(Files.isSymbolicLink(instances.resolve("corrupt/server_link.json")))
                    .isTrue();
            end(run);
        }
    }
}
