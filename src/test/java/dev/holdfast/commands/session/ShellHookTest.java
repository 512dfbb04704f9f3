package dev.holdfast.commands.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ShellHookTest {
    @TempDir
    Path folder;

    /** What a shell does at its end already is done as before, and the session is cleaned up, whatever that is. */
    @Test
    @Timeout(120)
    void trapOfTheShellGoesOn() throws IOException {
        Programs.require("bash");
        check(1, "", "exit 3", 3, "");
        check(2, "trap 'echo \"it'\\''s\" $?; exit 7' EXIT", "exit 3", 7, "it's 3\n");
        check(3, "trap 'echo last # words' EXIT", ":", 0, "last\n");
        check(4, "trap 'echo last &' EXIT", ":", 0, "last\n");
        check(5, "trap 'echo last;' EXIT", ":", 0, "last\n");
        check(6, "trap '' EXIT", ":", 0, "");
        check(7, "set -eu; trap 'echo $?' EXIT", "false; echo no", 1, "1\n");
        check(8, "set -o posix", "(exit 4)", 4, "");
    }

    private void check(int number, String before, String after, int code, String output) throws IOException {
        Path done = folder.resolve("done" + number);
        String command = "sh -c 'echo \"$*\" >\"$0\".new; mv \"$0\".new \"$0\"' " + done;
        String hook = ShellHook.text("bash", folder.toString(), command);
        // Twice: a profile may be read again
        String script = String.join("\n", before, hook, hook, after);
        try (Child bash = Child.start(new ProcessBuilder("bash", "-c", script))) {
            assertThat(bash.awaitExit()).as("%s: %s", before, bash).isEqualTo(code);
            assertThat(bash.stdout()).as(before).isEqualTo(output);
            assertThat(bash.stderr()).as(before).isEmpty();
            await().until(() -> Files.exists(done));
            assertThat(done).hasContent("--leader " + bash.pid());
        }
    }
}
