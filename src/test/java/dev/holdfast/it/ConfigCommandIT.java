package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

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
        assertThat(prints("orders")).contains("app-version 0 default\n", "grace 3s " + home + "/config.toml:1\n");
        assertThat(prints("other")).contains("grace 9s " + home + "/config.toml:3\n");
        assertThat(prints()).contains("grace 3s ").doesNotContain("any-instance");
    }
}
