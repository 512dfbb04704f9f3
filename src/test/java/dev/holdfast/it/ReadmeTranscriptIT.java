package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Types what the README's transcript shows into a shell, and compares what comes back. */
@Timeout(180)
class ReadmeTranscriptIT {
    /** Instead of "orders", so that a real instance of that name is left alone. */
    private final String name = "orders-" + ProcessHandle.current().pid();

    @Test
    void transcriptIsWhatTheProgramPrints() throws IOException {
        List<String> expected = transcript();
        ProcessBuilder builder = new ProcessBuilder("bash").redirectErrorStream(true);
        builder.environment()
                .merge("PATH", Launcher.executable().resolveSibling("").toString(), (path, bin) -> bin + ":" + path);
        builder.environment().keySet().removeIf(key -> key.startsWith("HOLDFAST_") || key.equals("FORCE_TERMINATE"));
        builder.environment()
                .put("HOLDFAST_HOME", Launcher.home(Path.of("/tmp", name)).toString());
        List<String> actual = new ArrayList<>();
        try (Child shell = Child.start(builder)) {
            int step = 0;
            for (String line : expected) {
                if (line.startsWith("$ ")) {
                    actual.add(line);
                    output(shell, line.substring(2), step++).lines().forEach(actual::add);
                }
            }
            shell.closeStdin();
            shell.awaitExit();
        } finally {
            Files.deleteIfExists(Path.of("/tmp/" + name + ".lock"));
        }
        assertThat(normalized(actual)).isEqualTo(normalized(expected));
    }

    private static List<String> transcript() throws IOException {
        String text = Files.readString(Path.of("README.md"));
        int start = text.indexOf("```console\n") + "```console\n".length();
        return text.substring(start, text.indexOf("```", start)).lines().toList();
    }

    /** Runs one command and gives what was printed until the shell came to the marker after it. */
    private String output(Child shell, String command, int step) throws IOException {
        String typed = command.replace("orders", name);
        int before = shell.stdout().length();
        String marker = "(exit \\d+ of step " + step + ")";
        String after = "; c=$?; echo \"exit $c of step " + step + "\"; (exit $c)\n";
        boolean background = typed.endsWith("&");
        type(shell, background ? typed + " echo \"exit 0 of step " + step + "\"\n" : typed + after);
        String found = shell.awaitOut(marker);
        if (background) {
            awaitRunning();
        }
        String printed = shell.stdout().substring(before);
        return printed.substring(0, printed.indexOf(found));
    }

    private void awaitRunning() {
        org.awaitility.Awaitility.await().until(() -> {
            try (Child status = Launcher.in(Path.of("/tmp")).command(List.of("status", name))) {
                return status.awaitExit() == 0
                        && status.stdout().contains("running, pid ")
                        && status.stdout().contains("(server ");
            }
        });
    }

    private static void type(Child shell, String text) throws IOException {
        OutputStream stdin = shell.stdin();
        stdin.write(text.getBytes(StandardCharsets.UTF_8));
        stdin.flush();
    }

    /** Pids, ids and times differ from run to run. */
    private List<String> normalized(List<String> lines) {
        return lines.stream()
                .map(line -> line.replace(name, "orders")
                        .replaceAll("\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\dZ?", "TIME")
                        .replaceAll("\\((just now|\\d+ s ago)\\)", "(AGE)")
                        .replaceAll("\\d+-[0-9a-f]{8}", "INSTANCE")
                        .replaceAll("(pid[ =]|from=|server )\\d+", "$1PID")
                        .replaceAll("uid=\\d+", "uid=UID"))
                .toList();
    }
}
