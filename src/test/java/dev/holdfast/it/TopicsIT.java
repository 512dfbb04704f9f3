package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The pages of {@code holdfast help TOPIC}: what stands behind a dollar is typed into a shell, and what comes of it is what stands
 * below, where three dots are any text, and on a line of their own any lines. A command that is followed by no {@code echo $?} ends
 * with 0. The pages' shells run beside each other, since a start in the background takes a second of waiting.
 */
@Timeout(180)
class TopicsIT {
    private static final List<String> TOPICS = List.of(
            "locks",
            "signals",
            "exit-codes",
            "readiness",
            "restarts",
            "redeploys",
            "exec",
            "docker",
            "cron",
            "desktop",
            "clients",
            "sharing",
            "sessions",
            "environment");
    private static final String INDENT = "    ";
    /** What else is a command: as cron and a desktop start it. */
    private static final Pattern STARTED_BY_OTHERS = Pattern.compile("(?:\\S+ \\* \\* \\* \\*  |Exec=)(.*?)(?: %F)?");

    private static final String MARK = "@@";
    /** All of them start some sixty JVMs on a machine that has others to run. */
    private static final Duration LONGEST = Duration.ofSeconds(150);

    /** What is left running, for the case that a page stops nothing. */
    private static final String STOP_ALL = """
            for lock in "$HOLDFAST_LOCK_DIR"/*.lock; do
                [ ! -e "$lock" ] || holdfast stop --lock-file "$lock"
            done >/dev/null 2>&1
            """;

    @TempDir
    Path folder;

    /** The programs that the pages start, beside those of every machine. */
    @BeforeEach
    void makePrograms() throws IOException {
        Files.createDirectory(folder.resolve("bin"));
        program("sync-orders", "true");
        program("web", "exec sleep 300");
        program("editor", "true");
        program("node", "echo node $1");
    }

    private void program(String name, String line) throws IOException {
        Path file = Files.writeString(folder.resolve("bin").resolve(name), "#!/bin/sh\n" + line + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private Map<String, String> pages() {
        List<Launcher.Answer> answers = Launcher.in(folder)
                .answers(TOPICS.stream().map(topic -> List.of("help", topic)).toList());
        Map<String, String> pages = new LinkedHashMap<>();
        for (int i = 0; i < TOPICS.size(); i++) {
            assertThat(answers.get(i).code()).as("%s", answers.get(i)).isZero();
            pages.put(TOPICS.get(i), answers.get(i).stdout());
        }
        return pages;
    }

    /**
     * A command of a page.
     *
     * @param command as it is typed
     * @param below the lines below it: its output, or what a file is made of
     * @param isCompared whether these are its output
     */
    private record Example(String command, List<String> below, boolean isCompared) {
        boolean asksForCode() {
            return command.equals("echo $?");
        }

        /** The lines of a script, which has the exit code before it, too. */
        String script() {
            String file = command.startsWith("cat > ")
                    ? " <<'END'\n"
                            + below.stream()
                                    .map(line -> line.substring(2) + "\n")
                                    .collect(Collectors.joining()) + "END"
                    : "";
            return "code=$?; echo \"" + MARK + "$code\"; (exit $code)\n" + command + file + "\n";
        }

        Pattern expected() {
            return Pattern.compile(below.stream()
                    .map(line -> line.equals("...")
                            ? "(?s:.*\n)?"
                            : Stream.of(line.split("\\.{3}", -1))
                                            .map(Pattern::quote)
                                            .collect(Collectors.joining(".*")) + "\n")
                    .collect(Collectors.joining()));
        }
    }

    private static List<Example> examples(String page) {
        List<Example> examples = new ArrayList<>();
        List<String> below = new ArrayList<>();
        for (String line : page.replace("\\\n", "").lines().toList()) {
            String text = line.startsWith(INDENT) ? line.substring(INDENT.length()) : "";
            Matcher byOthers = STARTED_BY_OTHERS.matcher(text);
            if (text.startsWith("$ ")) {
                below = new ArrayList<>();
                examples.add(new Example(text.substring(2), below, !text.startsWith("$ cat > ")));
            } else if (byOthers.matches()) {
                examples.add(new Example(byOthers.group(1), List.of(), false));
            } else if (text.isEmpty()) {
                below = new ArrayList<>(); // what is below an empty line is no output
            } else {
                below.add(text);
            }
        }
        return examples;
    }

    private Child shell(String topic, String script) throws IOException {
        Path place = Files.createDirectory(folder.resolve(topic));
        Path file = Files.writeString(folder.resolve(topic + ".sh"), script);
        ProcessBuilder builder = new ProcessBuilder("setsid", "bash", file.toString())
                .directory(Files.createDirectory(place.resolve("work")).toFile())
                .redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("HOLDFAST_") || name.equals("FORCE_TERMINATE"));
        environment.remove("MCP_SESSION_ID");
        environment.put("HOLDFAST_SESSIONS_DIR", place.resolve("sessions").toString());
        environment.put("HOLDFAST_LOCK_DIR", place.toString());
        environment.put("HOLDFAST_HOME", place.resolve("home").toString());
        environment.put(
                "PATH", Launcher.executable().getParent() + ":" + folder.resolve("bin") + ":" + System.getenv("PATH"));
        return Child.start(builder);
    }

    @Test
    void examplesDoWhatStandsBelowThem() throws IOException {
        Map<String, List<Example>> examples = new LinkedHashMap<>();
        pages().forEach((topic, page) -> examples.put(topic, examples(page)));
        Map<String, Child> shells = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, List<Example>> each : examples.entrySet()) {
                String script = each.getValue().stream().map(Example::script).collect(Collectors.joining());
                shells.put(each.getKey(), shell(each.getKey(), script + "echo \"" + MARK + "$?\"\n" + STOP_ALL));
            }
            for (Map.Entry<String, Child> shell : shells.entrySet()) {
                shell.getValue().closeStdin();
                shell.getValue().awaitExit(LONGEST);
                check(
                        shell.getKey(),
                        examples.getOrDefault(shell.getKey(), List.of()),
                        shell.getValue().stdout());
            }
        } finally {
            shells.values().forEach(Child::close);
        }
        assertThat(examples.values().stream().mapToInt(List::size).sum()).isGreaterThan(50);
    }

    private static void check(String topic, List<Example> examples, String printed) {
        String[] parts = printed.split(MARK, -1);
        assertThat(parts).as("%s: %s", topic, printed).hasSize(examples.size() + 2);
        for (int i = 0; i < examples.size(); i++) {
            Example example = examples.get(i);
            String output = parts[i + 1].replaceFirst("\\d+\n", "");
            if (example.isCompared()) {
                assertThat(output).as("%s: %s", topic, example.command()).matches(example.expected());
            }
            boolean mayFail = i + 1 < examples.size() && examples.get(i + 1).asksForCode();
            String code = parts[i + 2].lines().findFirst().orElse("");
            assertThat(mayFail ? "0" : code)
                    .as("%s: %s ends with %s, %s", topic, example.command(), code, output)
                    .isEqualTo("0");
        }
    }

    /** The two lines of the Dockerfile, with a node of the test's own. */
    @Test
    void containersEntryPointRunsItsCommand() throws IOException {
        Programs.require("tini");
        String page = pages().get("docker");
        String line = Pattern.compile("(?m)^ +(?:ENTRYPOINT|CMD) \\[(.*)]$")
                .matcher(page)
                .results()
                .map(result -> result.group(1).replaceAll("[\",]+", " "))
                .collect(Collectors.joining());
        try (Child container = shell("docker", "exec " + line)) {
            assertThat(container.awaitExit()).as("%s", container).isZero();
            assertThat(container.stdout()).contains("node dist/index.js\n").doesNotContain("ERROR", "holdfast:");
        }
    }
}
