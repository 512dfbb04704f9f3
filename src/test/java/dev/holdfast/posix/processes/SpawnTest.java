package dev.holdfast.posix.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.signals.Signals;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A program gets a group of its own, an empty signal mask, and the descriptors that were listed, no others. */
@Timeout(30)
class SpawnTest {
    @TempDir
    Path folder;

    @Test
    void programSeesOnlyWhatWasPassedOn() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        Path out = folder.resolve("out");
        int source = FileDescriptors.open(file.toString(), FileDescriptors.O_RDWR, 0);
        int stray = FileDescriptors.duplicateAtOrAbove(source, 60);
        Spawn spawn = shell(
                "exec >" + out + "; ls /proc/$$/fd; readlink /proc/$$/fd/3; "
                        + "grep -E 'SigBlk|SigIgn' /proc/self/status; cut -d' ' -f5 /proc/$$/stat; echo $$; echo \"$A\"; exit 7");
        int passed = FileDescriptors.duplicateAtOrAbove(source, 40);
        spawn.passDescriptor(passed, 3);
        int pid = spawn.start();
        assertThat(pid).isPositive();
        assertThat(await(pid)).isEqualTo(new Children.News(Children.Change.EXITED, pid, 7));
        List<String> lines = Files.readAllLines(out);
        assertThat(lines.subList(0, 4)).as("descriptors of %s", lines).containsExactly("0", "1", "2", "3");
        assertThat(lines.get(4)).isEqualTo(file.toString());
        assertThat(lines.get(5)).isEqualTo("SigBlk:\t0000000000000000");
        assertThat(lines.get(6)).isEqualTo("SigIgn:\t0000000000000000");
        assertThat(lines.get(7)).isEqualTo(lines.get(8)).isEqualTo(Integer.toString(pid));
        assertThat(lines.get(9)).isEqualTo("b c");
        FileDescriptors.close(passed);
        FileDescriptors.close(stray);
        FileDescriptors.close(source);
    }

    @Test
    void hangUpCanStayIgnored() {
        // This process does not ignore it, so what stays is its default.
        Spawn spawn = shell("kill -HUP $$; exit 0");
        spawn.keepHangUpIgnored();
        assertThat(await(spawn.start()).change())
                .isEqualTo(Signals.isIgnored(Signals.HUP) ? Children.Change.EXITED : Children.Change.KILLED);
    }

    @Test
    void deathOfASignalIsTold() {
        int pid = shell("kill -QUIT $$").start();
        assertThat(await(pid)).isEqualTo(new Children.News(Children.Change.KILLED, pid, Signals.QUIT));
    }

    @Test
    void errorOfTheExecComesBack() throws IOException {
        assertThat(new Spawn(bytes(folder + "/none"), List.of(bytes("none")), List.of()).start())
                .isEqualTo(-Errno.ENOENT);
        Path data = Files.createFile(folder.resolve("data"));
        assertThat(new Spawn(bytes(data.toString()), List.of(bytes("data")), List.of()).start())
                .isEqualTo(-Errno.EACCES);
    }

    private static Spawn shell(String script) {
        return new Spawn(
                bytes("/bin/sh"),
                List.of(bytes("sh"), bytes("-c"), bytes(script)),
                List.of(bytes("A=b c"), bytes("PATH=/usr/bin:/bin")));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The end of one child; it is still a zombie when it is asked for, so its pid is nobody else's. */
    private static Children.News await(int pid) {
        try (ProcessDescriptor child = ProcessDescriptor.open(pid).orElseThrow()) {
            assertThat(child.awaitEnd(10_000)).isTrue();
            assertThat(ProcessStat.of(pid).orElseThrow().isDead()).isTrue();
            Children.News news = Children.next();
            assertThat(news.pid()).isEqualTo(pid);
            assertThat(child.send(0)).isEqualTo(Errno.ESRCH);
            return news;
        }
    }
}
