package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.posix.files.FileStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionsFolderTest {
    @TempDir
    Path folder;

    private SessionsFolder sessions() {
        return SessionsFolder.of(folder.resolve("sessions").toString());
    }

    private Path existing(String path, String mode) throws IOException {
        Path made = Files.createDirectories(folder.resolve(path));
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString(mode));
        return made;
    }

    private static int mode(Path path) {
        return FileStatus.ofName(path.toString()).orElseThrow().permissions();
    }

    /** It may be a home folder, a project, or even the root of all. */
    @Test
    void folderThatWasThereKeepsItsMode() throws IOException {
        Path project = existing("sessions", "rwxr-xr-x");
        Path logs = existing("sessions/logs", "rwxr-xr-x");
        sessions().make();
        assertThat(mode(project)).isEqualTo(0755);
        assertThat(mode(logs)).isEqualTo(0755);
        assertThat(mode(project.resolve("pids"))).isEqualTo(0700);
    }

    @Test
    void foldersOfASessionAreForItsOwnerAlone() throws Exception {
        Path configs = existing("sessions/configs/desk", "rwxrwxrwx");
        sessions().make();
        sessions()
                .session("desk")
                .enter(SessionChoice.named("desk"), Duration.ofSeconds(30))
                .close();
        assertThat(mode(configs)).isEqualTo(0700);
        Path pids = folder.resolve("sessions/pids/desk");
        assertThat(mode(pids)).isEqualTo(0700);
        assertThat(mode(pids.resolve(".lock"))).isEqualTo(0600);
        assertThat(mode(pids.resolve(".session.json"))).isEqualTo(0600);
    }

    @Test
    void folderThatAnybodyMayChangeIsRefused() throws IOException {
        Path logs = existing("sessions/logs", "rwxrwxrwx");
        assertThatThrownBy(() -> sessions().make())
                .isInstanceOf(SessionException.class)
                .hasMessageContaining("sessions/logs\" is writable by all and not sticky");
        Files.delete(logs);
        existing("sessions", "rwxrwxrwx");
        assertThatThrownBy(() -> sessions().check())
                .isInstanceOf(SessionException.class)
                .hasMessageContaining("sessions\" is writable by all and not sticky");
    }

    @Test
    void fileIsNoSession() throws IOException {
        sessions().make();
        Files.createFile(folder.resolve("sessions/logs/today"));
        Files.createDirectory(folder.resolve("sessions/configs/desk"));
        assertThat(sessions().sessions()).extracting(Session::id).containsExactly("desk");
    }
}
