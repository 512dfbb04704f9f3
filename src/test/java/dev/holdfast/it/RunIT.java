package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs and ends servers as if the launcher were not there. */
@Timeout(60)
class RunIT {
    @TempDir
    Path locks;

    @Test
    void serversExitCodeIsPassedOnAndNothingIsLeft() {
        Launcher launcher = Launcher.in(locks);
        try (Child run = launcher.run(List.of(), Launcher.server("code=42"))) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(42);
            assertThat(run.stderr()).isEmpty();
            assertThat(launcher.leftovers()).isEmpty();
        }
    }

    @Test
    void secondStartIsRefused() {
        Launcher launcher = Launcher.in(locks);
        try (Child first = launcher.run(List.of(), Launcher.server())) {
            long server = first.awaitServer();
            try (Child second = launcher.run(List.of(), Launcher.server())) {
                assertThat(second.awaitExit()).as("%s", second).isEqualTo(75);
                assertThat(second.stdout()).isEmpty();
                assertThat(second.stderr())
                        .startsWith("holdfast: another instance of \"orders\" is already running: pid " + first.pid());
            }
            assertThat(dev.holdfast.testkit.Processes.isAlive(server)).isTrue();
            first.signal("TERM");
            assertThat(first.awaitExit()).isZero();
        }
    }
}
