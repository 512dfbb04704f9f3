package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code holdfast doctor} tells of instances that really run, at each level. */
@Timeout(180)
class ConflictLevelsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final List<Child> runs = new ArrayList<>();

    private Launcher launcher() throws IOException {
        return Launcher.in(Files.createDirectories(folder.resolve("locks")))
                .env("HOLDFAST_HOME", folder.resolve("home").toString());
    }

    private Child start(Launcher launcher, String name, String... options) {
        List<String> all = new ArrayList<>(List.of("--name", name, "--death-signal", "KILL"));
        all.addAll(List.of(options));
        Child run = launcher.run(all, List.of("sleep", "1000"));
        runs.add(run);
        return run;
    }

    private String data(String name) throws IOException {
        return "--data-dir=" + Files.createDirectories(folder.resolve(name));
    }

    private void startAll() throws IOException {
        start(launcher(), "equal-1", data("equal"));
        start(launcher(), "equal-2", data("equal"));
        start(launcher(), "outer", data("outer"));
        start(launcher(), "inner", data("outer/inner"));
        String real = data("real");
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("real"));
        start(launcher(), "real", real);
        start(launcher(), "link", "--data-dir=" + link, "--app-version=2");
        String minor = "--config-minor=APP_LOG*";
        start(launcher().env("APP_LOG", "1"), "minor-1", data("minor"), minor);
        start(launcher().env("APP_LOG", "2"), "minor-2", data("minor"), minor);
        start(launcher(), "port-1", "--port=18080");
        start(launcher(), "port-2", "--port=18080");
        start(launcher(), "version-1", data("version"));
        start(launcher(), "version-2", data("version"), "--app-version=2");
        Child killed = start(launcher(), "killed");
        await().atMost(PATIENCE).until(() -> registered() == runs.size());
        killed.signal("KILL");
        killed.awaitExit();
    }

    private int registered() {
        String[] names = folder.resolve("home/instances").toFile().list();
        return names == null
                ? 0
                : (int) Stream.of(names)
                        .filter(name -> name.startsWith("server_"))
                        .count();
    }

    private JsonNode conflicts(String level) throws IOException {
        try (Child doctor = launcher()
                .command(List.of("doctor", "--json", "--conflict-detection", level, "--lock-dir", folder + "/locks"))) {
            assertThat(doctor.awaitExit()).as("%s", doctor).isEqualTo(2);
            return new ObjectMapper().readTree(doctor.stdout()).get("conflicts");
        }
    }

    /** Their types, who is in them, and how bad they are. */
    private Set<String> told(String level) throws IOException {
        Set<String> told = new TreeSet<>();
        for (JsonNode conflict : conflicts(level)) {
            Set<String> names = new TreeSet<>(
                    Set.of(conflict.get("instance").get("server_name").asText()));
            if (conflict.has("other_instance")) {
                names.add(conflict.get("other_instance").get("server_name").asText());
            }
            told.add((conflict.get("is_conflict").asBoolean() ? "conflict " : "warning ")
                    + conflict.get("type").asText() + " " + String.join(" ", names));
        }
        return told;
    }

    @Test
    void eachTypeIsToldAsItsLevelSays() throws IOException {
        try {
            startAll();
            // The kernel kills the server of the killed launcher, which takes a moment.
            await().atMost(PATIENCE).until(() -> told("relaxed").contains("warning stale_instance killed"));
            assertThat(told("strict"))
                    .containsExactlyInAnyOrder(
                            "conflict multiple_instances equal-1 equal-2",
                            "conflict multiple_instances inner outer",
                            "conflict configuration_mismatch link real",
                            "conflict configuration_mismatch minor-1 minor-2",
                            "conflict multiple_instances port-1 port-2",
                            "conflict configuration_mismatch version-1 version-2",
                            "warning stale_instance killed");
            assertThat(told("moderate"))
                    .containsExactlyInAnyOrder(
                            "warning multiple_instances equal-1 equal-2",
                            "conflict configuration_mismatch link real",
                            "warning multiple_instances minor-1 minor-2",
                            "conflict multiple_instances port-1 port-2",
                            "conflict configuration_mismatch version-1 version-2",
                            "warning stale_instance killed");
            assertThat(told("relaxed"))
                    .containsExactlyInAnyOrder(
                            "conflict multiple_instances port-1 port-2",
                            "conflict configuration_mismatch version-1 version-2",
                            "warning stale_instance killed");
            assertThatOfferedStopsWork();
        } finally {
            runs.forEach(Child::close);
        }
    }

    /** After what is offered is done there is no conflict any more. */
    private void assertThatOfferedStopsWork() throws IOException {
        for (JsonNode conflict : conflicts("relaxed")) {
            String offer = conflict.get("recommendation").asText();
            if (offer.contains("or stop one: ")) {
                run(offer.substring(offer.indexOf("holdfast stop")));
            } else {
                run(offer.substring(offer.indexOf("holdfast resolve")));
            }
        }
        try (Child doctor = launcher()
                .command(List.of("doctor", "--conflict-detection=relaxed", "--lock-dir", folder + "/locks"))) {
            assertThat(doctor.awaitExit()).as("%s", doctor).isZero();
        }
    }

    private void run(String offered) throws IOException {
        ProcessBuilder shell = launcher().builder(List.of());
        shell.command("sh", "-c", offered);
        shell.environment().put("HOLDFAST_LOCK_DIR", folder + "/locks");
        shell.environment().merge("PATH", Launcher.executable().getParent() + ":", (path, bin) -> bin + path);
        try (Child command = Child.start(shell)) {
            assertThat(command.awaitExit()).as("%s", command).isZero();
        }
    }
}
