package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code holdfast config}: what a running launcher goes by, and what the next one would. */
@Timeout(180)
class ConfigCommandIT {
    @TempDir
    Path locks;

    @TempDir
    Path home;

    private Launcher launcher() {
        return Launcher.in(locks).env("HOLDFAST_HOME", home.toString());
    }

    private String prints(String... words) {
        List<String> line = new ArrayList<>(List.of("config"));
        line.addAll(List.of(words));
        line.addAll(List.of("--lock-dir", locks.toString()));
        try (Child command = launcher().command(line)) {
            assertThat(command.awaitExit()).as("%s", command).isZero();
            return command.stdout().replaceAll(" +", " ");
        }
    }

    @Test
    void eachSourceIsToldAndNoSecret() throws IOException {
        Files.writeString(home.resolve("config.toml"), "grace = \"3s\"\n[other]\ngrace = \"9s\"\n");
        List<String> options = List.of("--app-version", "7", "--pre-start", "true password-of-a-hook");
        try (Child run = launcher().env("HOLDFAST_TRANSPORT", "http").run(options, Launcher.server("password"))) {
            run.awaitServer();
            String shown = prints("orders");
            assertThat(shown)
                    .contains("app-version 7 --app-version\n", "transport http HOLDFAST_TRANSPORT\n")
                    .contains("grace 3s " + home + "/config.toml:1\n", "pre-start (set) --pre-start\n")
                    .contains("kill-mode tree default\n")
                    .doesNotContain("password");
            assertThat(prints("orders", "--json"))
                    .contains(
                            "\"running\":true",
                            "{\"key\":\"app-version\",\"value\":\"7\",\"source\":\"--app-version\"}");
        }
        assertThat(prints("orders"))
                .doesNotContain("configuration-hash")
                .contains("app-version 0 default\n", "grace 3s " + home + "/config.toml:1\n");
        assertThat(prints("other")).contains("grace 9s " + home + "/config.toml:3\n");
        assertThat(prints()).contains("grace 3s ").doesNotContain("any-instance");
    }

    /** Two instances that differ in nothing have one hash, wherever their files are. */
    @Test
    void hashIsThatOfTheRegistry() {
        List<String> same = List.of("sleep", "100");
        String said = home.resolve("said").toString();
        try (Child one = launcher().run(List.of("--name", "one"), same);
                Child other = launcher().run(List.of("--name", "other", "--tracking-dir", said), same);
                Child version = launcher().run(List.of("--name", "version", "--app-version", "2"), same)) {
            await().until(() -> prints("one").contains("configuration-hash ")
                    && prints("other", "--json").contains("configHash")
                    && prints("version").contains("configuration-hash "));
            String hash = hash("one");
            assertThat(hash).matches("[0-9a-f]{64}");
            assertThat(hash("version")).isNotEqualTo(hash);
            assertThat(prints("other", "--json")).contains("\"configHash\":\"" + hash + "\"");
            assertThat(one.isAlive() && other.isAlive() && version.isAlive()).isTrue();
        }
    }

    private String hash(String name) {
        return prints(name).replaceAll("(?s).*\nconfiguration-hash (\\w+) registry\n.*", "$1");
    }
}
