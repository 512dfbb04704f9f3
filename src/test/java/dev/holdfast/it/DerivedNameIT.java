package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A name that nobody gave: two projects do not refuse each other, and above all do not end each other's servers. */
@Timeout(180)
class DerivedNameIT {
    private static final String SERVER = "#!/bin/sh\necho ready $$\nexec sleep 600\n";
    private static final List<String> FORCE = List.of("--force");

    @TempDir
    Path folder;

    private Path mine;
    private Path theirs;

    @BeforeEach
    void twoProjectsOfOneName() throws IOException {
        mine = Files.createDirectories(folder.resolve("mine/orders"));
        theirs = Files.createDirectories(folder.resolve("theirs/orders"));
        Files.createDirectories(folder.resolve("bin"));
        Files.createDirectories(folder.resolve("locks"));
        program("bin/make");
        program("bin/caddy");
        program("mine/orders/server.sh");
        program("theirs/orders/server.sh");
    }

    @Test
    void makeOfTwoProjectsRunsTwice() {
        try (Child first = run(mine, List.of(), "make", "run");
                Child forced = run(theirs, FORCE, "make", "run")) {
            first.awaitServer();
            forced.awaitServer();
            assertThat(first.isAlive()).isTrue();
        }
    }

    @Test
    void twoServersOfOneProjectDoNotRefuseEachOther() {
        try (Child first = run(mine, List.of(), "make", "api");
                Child second = run(mine, List.of(), "make", "worker")) {
            first.awaitServer();
            second.awaitServer();
        }
    }

    @Test
    void sameCommandInTheSameFolderIsRefusedAndTakesOver() {
        try (Child first = run(mine, List.of(), "make", "run")) {
            first.awaitServer();
            try (Child second = run(mine, List.of(), "make", "run")) {
                assertThat(second.awaitExit()).isEqualTo(75);
                assertThat(second.stderr()).contains("\"orders-make-run-", OFFER);
            }
            try (Child third = run(mine, FORCE, "make", "run")) {
                third.awaitServer();
                assertThat(first.awaitExit()).isEqualTo(143);
            }
        }
    }

    private static final String OFFER =
            "  not it?    its name was taken from the command: give another server one of its own by --name NAME";

    @Test
    void refusalOfAGivenNameOffersNone() {
        try (Child first = run(mine, List.of("--name", "orders"), "make", "run")) {
            first.awaitServer();
            try (Child second = run(mine, List.of("--name", "orders"), "make", "run")) {
                assertThat(second.awaitExit()).isEqualTo(75);
                assertThat(second.stderr()).doesNotContain("--name");
            }
        }
    }

    @Test
    void forceInAFoldersNameEndsNothingOfAnotherFolder() {
        endsOnlyWhatIsOfItsOwnFolder("orders", "sh", "./server.sh");
    }

    @Test
    void forceInAProgramsNameEndsNothingOfAnotherFolder() {
        endsOnlyWhatIsOfItsOwnFolder("caddy", "caddy", "run");
    }

    private void endsOnlyWhatIsOfItsOwnFolder(String name, String... command) {
        try (Child first = run(mine, List.of(), command)) {
            first.awaitServer();
            for (List<String> force : List.of(FORCE, List.of("--on-conflict", "takeover"))) {
                try (Child other = run(theirs, force, command)) {
                    assertThat(other.awaitExit()).as("%s", other).isEqualTo(75);
                    assertThat(other.stderr())
                            .contains("\n  not forced nobody gave it the name \"" + name + "\"", "--name " + name);
                }
            }
            assertThat(first.isAlive()).isTrue();
            List<String> named = List.of("--force", "--name", name);
            try (Child meant = run(theirs, named, command)) {
                meant.awaitServer();
                assertThat(first.awaitExit()).isEqualTo(143);
                try (Child again = run(theirs, FORCE, command)) {
                    again.awaitServer();
                    assertThat(meant.awaitExit()).isEqualTo(143);
                }
            }
        }
    }

    @Test
    void folderThatWasPutIntoThePlaceOfTheOldOneIsTheSame() throws IOException {
        try (Child first = run(mine, List.of(), "sh", "./server.sh")) {
            first.awaitServer();
            Files.delete(mine.resolve("server.sh"));
            Files.delete(mine);
            Files.createDirectory(mine);
            program("mine/orders/server.sh");
            try (Child next = run(mine, FORCE, "sh", "./server.sh")) {
                next.awaitServer();
                assertThat(first.awaitExit()).isEqualTo(143);
            }
        }
    }

    private Child run(Path project, List<String> options, String... command) {
        List<String> words = new ArrayList<>(
                List.of("run", "--lock-dir", folder.resolve("locks").toString()));
        words.addAll(options);
        words.add("--");
        words.addAll(List.of(command));
        ProcessBuilder builder = Launcher.in(folder.resolve("locks")).builder(words);
        builder.directory(project.toFile());
        builder.environment().merge("PATH", folder.resolve("bin") + ":", (path, bin) -> bin + path);
        return Child.start(builder);
    }

    private void program(String name) throws IOException {
        Path file = Files.writeString(folder.resolve(name), SERVER);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
