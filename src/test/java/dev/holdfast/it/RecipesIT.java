package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The recipes on the page about services, run as their programs run them; the servers are the test's. */
@Timeout(180)
class RecipesIT {
    private static final String SERVER =
            "#!/bin/sh\ntrap 'echo got TERM; exit 0' TERM\necho listening\nwhile :; do sleep 0.1; done\n";

    @TempDir
    Path folder;

    private String started = "";

    @BeforeEach
    void makePrograms() throws IOException {
        script("server", SERVER);
        script("web", SERVER);
        script("sync-orders", "#!/bin/sh\necho syncing; exec sleep 100\n");
        script("run-tests", "#!/bin/sh\nholdfast wait $NAME --timeout 30s >/dev/null && echo tested; exit 3\n");
        Files.writeString(
                folder.resolve("server.js"),
                "console.log('listening'); process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000);\n");
        Files.writeString(folder.resolve("run-tests.js"), "console.log('tested');\n");
    }

    @AfterEach
    void stop() {
        if (!started.isEmpty()) {
            try (Child stop = shell("holdfast stop " + started)) {
                stop.awaitExit();
            }
        }
    }

    private void script(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    /** The n-th block below a recipe's name. */
    private static String block(String recipe) throws IOException {
        String page = Files.readString(Path.of("src/site/markdown/service.md"));
        String below = page.substring(page.indexOf("**" + recipe));
        String block = below.split("```")[1];
        return block.substring(block.indexOf('\n') + 1);
    }

    private Child shell(String line) {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", line);
        return start(builder, Launcher.executable().getParent() + ":" + System.getenv("PATH"));
    }

    private Child start(ProcessBuilder builder, String path) {
        builder.directory(folder.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("HOLDFAST_"));
        builder.environment().put("PATH", path);
        builder.environment().put("NAME", started);
        builder.environment().put("HOLDFAST_LOCK_DIR", folder.toString());
        builder.environment().put("HOLDFAST_HOME", folder.resolve("home").toString());
        return Child.start(builder);
    }

    /** As cron does: by sh, with next to no environment. */
    private Child cron(String recipe) throws IOException {
        String command = block("cron: " + recipe)
                .strip()
                .replaceFirst("(\\S+\\s+){5}", "")
                .replace("/usr/local/bin/holdfast", Launcher.executable().toString())
                .replace("/usr/local/bin/", folder + "/");
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", command);
        String java = System.getenv("JAVA_HOME");
        builder.environment().clear();
        if (java != null) {
            builder.environment().put("JAVA_HOME", java);
        }
        builder.environment().put("HOME", folder.toString());
        return start(builder, "/usr/bin:/bin:" + System.getProperty("java.home") + "/bin");
    }

    private void assertEnds(Child child, int code, String out) {
        assertThat(child.awaitExit()).as("%s", child).isEqualTo(code);
        assertThat(child.stdout()).as("%s", child).matches("(?s)" + out);
    }

    @Test
    void cronsJobDoesNotOverlapItself() throws IOException {
        try (Child first = cron("a job that never")) {
            first.awaitOut("syncing");
            try (Child second = cron("a job that never")) {
                assertEnds(second, 0, "");
                assertThat(second.stderr()).isEmpty();
            }
            first.signal("TERM");
            first.awaitExit();
        }
    }

    @Test
    void cronsServerIsStartedOnce() throws IOException {
        started = "web";
        for (int minute = 0; minute < 2; minute++) {
            try (Child start = cron("a server that is")) {
                assertEnds(start, 0, "");
                assertThat(start.stderr()).isEmpty();
            }
        }
        await().until(() -> {
            try (Child logs = shell("holdfast logs web")) {
                return logs.awaitExit() == 0 && logs.stdout().contains("listening");
            }
        });
        try (Child logs = shell("holdfast logs web")) {
            assertEnds(logs, 0, "listening\n(?!.*listening).*");
        }
    }

    @Test
    void makefileHasOneServerAndTheTestsCode() throws IOException {
        started = "shop-dev";
        Files.writeString(folder.resolve("Makefile"), block("Makefile."));
        String make = Programs.require("make");
        try (Child up = shell(make + " -s up && " + make + " -s -j2 up")) {
            assertEnds(up, 0, ".*shop-dev: started.*already running.*");
        }
        try (Child test = shell(make + " -s test")) {
            assertEnds(test, 2, ".*tested.*shop-dev: stopped.*");
            assertThat(test.stderr()).contains("Error 3");
        }
        try (Child down = shell(make + " -s down")) {
            assertEnds(down, 0, ".*");
        }
    }

    @Test
    void npmsTestsHaveAServerAndItsStartIsStoppedGracefully() throws IOException {
        started = "shop-test";
        Files.writeString(folder.resolve("package.json"), block("package.json."));
        String npm = Programs.require("npm") + " --offline --no-update-notifier --silent ";
        try (Child test = shell(npm + "test")) {
            assertEnds(test, 0, ".*shop-test: started.*tested.*shop-test: stopped.*");
        }
        try (Child start = shell("exec " + npm + "start")) {
            start.awaitOut("listening");
            start.signal("TERM");
            start.awaitErr("signal=SIGTERM");
            start.awaitExit();
        }
    }

    /** As foreman: by sh in a process group of its own, all of which gets TERM. */
    @Test
    void procfilesServerGetsTermOnce() throws IOException {
        String line = block("Procfile,").strip();
        assertThat(line).startsWith("web: ");
        ProcessBuilder builder = new ProcessBuilder("setsid", "/bin/sh", "-c", line.substring(5));
        try (Child web = start(builder, Launcher.executable().getParent() + ":" + System.getenv("PATH"))) {
            web.awaitOut("listening");
            try (Child kill = Child.start(new ProcessBuilder("/bin/sh", "-c", "kill -TERM -" + web.pid()))) {
                assertThat(kill.awaitExit()).as("%s", kill).isZero();
            }
            assertEnds(web, 0, "listening\ngot TERM\n");
        }
    }

    /** Each step by a shell of its own, whose output is read to its end. */
    @Test
    void runnersStepsEndAndTheLogIsShownAfterFailedTests() throws IOException {
        started = "ci-db";
        List<String> steps = block("A CI runner.")
                .lines()
                .filter(line -> line.contains("run: "))
                .map(line -> line.substring(line.indexOf("run: ") + 5))
                .toList();
        List<Integer> codes = List.of(0, 3, 0);
        List<String> outs = List.of("ci-db: started.*", "tested\n", "listening\n.*ci-db: stopped.*");
        assertThat(steps).hasSameSizeAs(codes);
        for (int i = 0; i < steps.size(); i++) {
            try (Child step = shell(steps.get(i))) {
                assertEnds(step, codes.get(i), outs.get(i));
            }
        }
    }
}
