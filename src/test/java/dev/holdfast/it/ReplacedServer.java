package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An instance "orders", started in the background, whose server is to be replaced: what a redeploy is tried on, with an
 * overlap and without.
 */
abstract class ReplacedServer {
    static final String WORK = "; while :; do sleep 0.05; done";
    /** Writes a newline to its descriptor 7 when it is up, and ends at a TERM. */
    static final String GOOD = "trap 'exit 0' TERM; echo >&7; exec 7>&-" + WORK;

    @TempDir
    Path folder;

    Launcher launcher() {
        return Launcher.in(folder).env("HOLDFAST_HOME", folder.resolve("home").toString());
    }

    Child command(Launcher launcher, String verb, List<String> options, String... command) {
        List<String> words = new ArrayList<>(List.of(verb, "--lock-dir", folder.toString()));
        words.addAll(options);
        if (command.length > 0) {
            words.add("--");
            words.addAll(List.of(command));
        }
        return launcher.command(words);
    }

    Child command(String verb, List<String> options, String... command) {
        return command(launcher(), verb, options, command);
    }

    void started(List<String> more, String script) {
        List<String> options =
                new ArrayList<>(List.of("--name", "orders", "--ready-fd", "7", "--app-version", "1", "--grace", "1m"));
        options.addAll(more);
        try (Child start = command("start", options, "sh", "-c", script, "old")) {
            assertThat(start.awaitExit()).as("%s", start).isZero();
        }
        launcher().awaitSocket("orders");
    }

    /** What each redeploy of a class is asked with. */
    abstract List<String> usualOptions();

    Child redeploy(List<String> more, String... command) {
        List<String> options = new ArrayList<>(List.of("orders"));
        options.addAll(usualOptions());
        options.addAll(more);
        return command("redeploy", options, command);
    }

    String status() {
        return launcher().statusJson("orders");
    }

    long number(String key) {
        return Long.parseLong(status().replaceAll("(?s).*\"" + key + "\":(\\d+).*", "$1"));
    }

    void awaitStatus(String part) {
        await().pollDelay(Duration.ZERO)
                .untilAsserted(() -> assertThat(status()).contains(part));
    }

    @AfterEach
    void stop() {
        if (launcher().leftovers().contains("orders.lock")) {
            try (Child stop = command("stop", List.of("orders"))) {
                stop.awaitExit();
            }
        }
    }

    @Test
    void nothingRunsSoItIsStarted() {
        try (Child redeploy = redeploy(List.of("--ready-fd", "7"), "sh", "-c", GOOD)) {
            assertThat(redeploy.awaitExit()).as("%s", redeploy).isZero();
            assertThat(redeploy.stdout()).startsWith("orders: started, pid ");
        }
    }
}
