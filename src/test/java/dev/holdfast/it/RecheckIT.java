package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Promise 1 under a cleaner that removes the lock file: refused at once by the interlock, and repaired within a minute. */
@Timeout(120)
class RecheckIT {
    @TempDir
    Path locks;

    @Test
    void secondStartIsRefusedWhenTheFileWasRemoved() throws IOException {
        Launcher launcher = Launcher.in(locks);
        try (Child run = launcher.run(List.of(), Launcher.server())) {
            long server = run.awaitServer();
            Files.delete(launcher.lockFile("orders"));
            for (List<String> options : List.of(List.<String>of(), List.of("--force"))) {
                try (Child second = launcher.run(options, Launcher.server())) {
                    assertThat(second.awaitExit()).as("%s", second).isEqualTo(75);
                    assertThat(second.stderr())
                            .contains(
                                    "already running: pid ",
                                    Long.toString(server),
                                    "its lock file was removed or replaced");
                }
            }
            assertThat(launcher.leftovers()).doesNotContain("orders.lock");
            run.signal("TERM");
            assertThat(run.awaitExit()).isZero();
            assertThat(launcher.leftovers()).isEmpty();
        }
    }

    /** Takes a minute, so in the long form only. */
    @Test
    @Tag("long")
    void fileIsMadeAgainWithinAMinute() throws IOException {
        Launcher launcher = Launcher.in(locks);
        try (Child run = launcher.run(List.of(), Launcher.server())) {
            run.awaitServer();
            Files.delete(launcher.lockFile("orders"));
            await().atMost(Duration.ofSeconds(70)).until(() -> run.stderr().contains("made and locked it again"));
            assertThat(launcher.statusJson("orders")).contains("\"verdict\":\"running\"");
            try (Child second = launcher.run(List.of("--force"), Launcher.server())) {
                second.awaitServer();
                assertThat(run.awaitExit()).as("%s", run).isZero();
                second.signal("TERM");
                assertThat(second.awaitExit()).isZero();
            }
        }
        assertThat(launcher.leftovers()).isEmpty();
    }
}
