package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.OldHolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A holder of version 1.0.0 lives while this version is installed: it is refused, shown, stopped and taken over as ever. */
@Timeout(180)
class UpgradeIT {
    @TempDir
    Path locks;

    private String answer(int code, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("orders", "--lock-dir", locks.toString()));
        try (Child command = Launcher.in(locks).command(all)) {
            assertThat(command.awaitExit()).as("%s", command).isEqualTo(code);
            return command.stdout() + command.stderr();
        }
    }

    private Child run(String... options) {
        Child run = Launcher.in(locks).run(List.of(options), List.of("echo", "new"));
        run.awaitExit();
        return run;
    }

    @Test
    void oldHolderIsRefusedShownAndStopped() throws IOException {
        try (Child old = OldHolder.start(locks.resolve("orders.lock"));
                Child refused = run()) {
            assertThat(Files.readString(locks.resolve("orders.lock"))).doesNotContain("watched", "handOff");
            assertThat(refused.awaitExit()).isEqualTo(75);
            assertThat(refused.stderr()).contains("already running: pid " + old.pid(), "held, verified");
            assertThat(answer(0, "status")).startsWith("orders: running, pid " + old.pid());
            // Whether it is a launcher cannot be told while it names no server: a private signal might kill it.
            assertThat(answer(75, "reload")).contains("just starting");
            assertThat(old.isAlive()).isTrue();
            assertThat(answer(0, "stop")).contains("orders: stopped");
            assertThat(old.awaitExit()).isEqualTo(143);
            assertThat(locks).isEmptyDirectory();
        }
    }

    @Test
    void oldHolderIsTakenOver() {
        try (Child old = OldHolder.start(locks.resolve("orders.lock"));
                Child forced = run("--force")) {
            assertThat(forced.awaitExit()).as("%s", forced).isZero();
            assertThat(forced.stdout()).isEqualTo("new\n");
            assertThat(old.awaitExit()).isEqualTo(143);
            assertThat(locks).isEmptyDirectory();
        }
    }

    /** It has no second name, and puts a new file there after a minute only: the interlock tells of it. */
    @Test
    void oldHolderThatHasLostItsFileIsFound() throws IOException {
        try (Child old = OldHolder.start(locks.resolve("orders.lock"))) {
            Files.delete(locks.resolve("orders.lock"));
            try (Child refused = run()) {
                assertThat(refused.awaitExit()).as("%s", refused).isEqualTo(75);
                assertThat(refused.stderr()).contains("pid " + old.pid());
            }
            assertThat(answer(0, "status")).startsWith("orders: running, pid " + old.pid());
            assertThat(answer(0, "stop")).contains("orders: stopped");
            assertThat(old.awaitExit()).isEqualTo(143);
        }
    }
}
