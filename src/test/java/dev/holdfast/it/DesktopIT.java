package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.ExampleCompiler;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The desktop examples do what their page says, with a stand-in for the window: it needs a display. */
@Timeout(180)
class DesktopIT {
    private static final Path EXAMPLES = Path.of("src/main/dist/desktop");
    private static final Path PAGE = Path.of("src/site/markdown/desktop.md");

    @TempDir
    Path folder;

    @Test
    void entryOpensTheSecondFileInTheFirstInstance() throws IOException {
        secondFileIsOpenedInTheFirstInstance(exec(EXAMPLES.resolve("notes.desktop")));
    }

    @Test
    void readmesEntryOpensTheSecondFileInTheFirstInstance() throws IOException {
        secondFileIsOpenedInTheFirstInstance(exec(Path.of("README.md")));
    }

    @Test
    void entryWithTheSessionInItsNameOpensTheSecondFileInTheFirstInstance() throws IOException {
        secondFileIsOpenedInTheFirstInstance(exec(PAGE));
    }

    private static String exec(Path file) throws IOException {
        return Files.readString(file)
                .lines()
                .filter(line -> line.startsWith("Exec="))
                .findFirst()
                .orElseThrow()
                .substring(5);
    }

    private void secondFileIsOpenedInTheFirstInstance(String exec) throws IOException {
        if (exec.contains("--ready-timeout")) {
            Programs.require("python3"); // sh has no datagrams
        }
        Path notes = folder.resolve("notes");
        Files.writeString(
                notes,
                "#!/bin/sh\nif [ \"$1\" = --tell ]; then shift; echo \"told $*\"; exit; fi\n"
                        + (exec.contains("--ready-timeout")
                                ? "python3 -c 'import os,socket; socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto("
                                        + "b\"READY=1\", os.environ[\"NOTIFY_SOCKET\"].replace(\"@\", \"\\0\", 1))'\n"
                                : "")
                        + "echo \"ready $$ $*\"\nexec cat\n");
        assertThat(notes.toFile().setExecutable(true)).isTrue();
        try (Child first = start(exec, "file:///a.txt")) {
            first.awaitOut("ready \\d+ file:///a.txt");
            try (Child second = start(exec, "file:///b%20c.txt")) {
                assertThat(second.awaitExit()).as("%s", second).isZero();
                assertThat(second.stdout()).isEqualTo("told file:///b%20c.txt\n");
            }
            first.signal("TERM");
            first.awaitExit();
        }
    }

    private Child start(String exec, String file) {
        // A string of the format first, then its arguments: the specification's "The Exec key".
        String unescaped = exec.replace("\\\\", "\\");
        List<String> words = new ArrayList<>();
        Matcher word = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"|(\\S+)").matcher(unescaped);
        while (word.find()) {
            String plain = word.group(1) == null ? word.group(2) : word.group(1).replaceAll("\\\\(.)", "$1");
            words.add(plain.equals("%U") ? file : plain);
        }
        ProcessBuilder builder = Launcher.in(folder).builder(List.of());
        builder.command(words);
        builder.environment()
                .put("PATH", folder + ":" + Launcher.executable().getParent() + ":" + System.getenv("PATH"));
        builder.environment().put("HOLDFAST_LOCK_DIR", folder.toString());
        builder.environment().put("HOLDFAST_ACTIVATE_TIMEOUT", "30s");
        builder.environment().put("DISPLAY", ":7.0");
        words.set(0, words.get(0).equals("holdfast") ? Launcher.executable().toString() : words.get(0));
        return Child.start(builder);
    }

    /** How the editor in Python hears of files, without its window. */
    @Test
    void wrappedProgramIsToldAbsolutePaths() throws IOException {
        String python = Programs.require("python3");
        String listens = """
                import socket, sys
                s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                s.bind(sys.argv[1])
                print('listens', flush=True)
                print(s.recv(4096).decode())
                """;
        Path here = folder.toRealPath();
        try (Child inbox = Child.start(new ProcessBuilder(
                python, "-c", listens, here.resolve(".notes-inbox").toString()))) {
            inbox.awaitOut("listens");
            ProcessBuilder tell = new ProcessBuilder(
                    python,
                    EXAMPLES.resolve("notes").toAbsolutePath().toString(),
                    "--tell",
                    "a b.txt",
                    "file:///c%20d.txt");
            tell.directory(here.toFile());
            tell.environment().put("XDG_RUNTIME_DIR", here.toString());
            try (Child teller = Child.start(tell)) {
                assertThat(teller.awaitExit()).as("%s", teller).isZero();
            }
            assertThat(inbox.awaitExit()).isZero();
            assertThat(inbox.stdout()).contains("[\"" + here + "/a b.txt\", \"/c d.txt\"]");
        }
    }

    @Test
    void entriesAreValid() throws IOException {
        Path entry = EXAMPLES.resolve("notes.desktop");
        Path withSession = folder.resolve("session.desktop");
        Files.writeString(
                withSession,
                Files.readString(entry).replaceFirst("Exec=.*", Matcher.quoteReplacement("Exec=" + exec(PAGE))));
        for (Path file : List.of(entry, withSession)) {
            try (Child check =
                    Child.start(new ProcessBuilder(Programs.require("desktop-file-validate"), file.toString()))) {
                assertThat(check.awaitExit()).as("%s", check).isZero();
                assertThat(check.stdout() + check.stderr()).isEmpty();
            }
        }
    }

    @Test
    void programOnAJvmCanBeCompiled() throws Exception {
        assertThat(ExampleCompiler.problems(folder, EXAMPLES.resolve("Notes.java")))
                .isEmpty();
    }
}
