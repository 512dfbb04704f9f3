package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.posix.processes.Self;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who is believed by NOTIFY_SOCKET, and what comes there against the protocol. */
@Timeout(180)
class NotificationIT {
    /** Sends its second argument to the address that is the first one, as nobody, and stays. */
    private static final String NOBODY = "use POSIX; POSIX::setgid(65534); POSIX::setuid(65534); die if $< == 0;"
            + " my ($a, $m) = @ARGV; $a =~ s/^@/\\0/; socket(my $s, AF_UNIX, SOCK_DGRAM, 0) or die $!;"
            + " send($s, $m, 0, pack_sockaddr_un($a)) or die $!; $| = 1; print \"sent\\n\"; sleep 60";

    @TempDir
    Path folder;

    /** A server that drops its privileges in a worker, or has a helper under another user, speaks through that one. */
    @Test
    void anotherUserOfTheServersTreeIsBelievedAndAStrangerIsTold() {
        assumeTrue(Self.effectiveUser() == 0, "needs root");
        String server =
                "echo \"address $NOTIFY_SOCKET\"; read go; perl -MSocket -e \"$1\" \"$NOTIFY_SOCKET\" READY=1 & wait";
        try (Child run = Launcher.in(folder)
                .run(List.of("--ready-timeout", "50s", "-v"), List.of("sh", "-c", server, "sh", NOBODY))) {
            String address = run.awaitOut("address (\\S+)");
            try (Child stranger =
                    Child.start(new ProcessBuilder("perl", "-MSocket", "-e", NOBODY, address, "READY=1"))) {
                stranger.awaitOut("sent");
                run.awaitErr("passed over what was said by NOTIFY_SOCKET: .* of another user, .* from=" + stranger.pid()
                        + " uid=65534");
            }
            assertThat(run.stderr()).doesNotContain("is ready");
            write(run);
            run.awaitErr("\"orders\" is ready");
        }
    }

    /** What is longer than any message of the protocol is no message, and the next one counts. */
    @Test
    void datagramOf200KilobytesIsNoMessage() {
        String server =
                "my $a = $ENV{NOTIFY_SOCKET}; $a =~ s/^@/\\0/; $| = 1; socket(my $s, AF_UNIX, SOCK_DGRAM, 0) or die;"
                        + " setsockopt($s, SOL_SOCKET, SO_SNDBUF, 1 << 20); my $to = pack_sockaddr_un($a);"
                        + " for (1..50) { send($s, \"READY=1\\nSTATUS=\" . 'x' x 200_000, 0, $to) or die \"send: $!\" }"
                        + " send($s, 'STATUS=short', 0, $to) or die; print \"sent\\n\"; <STDIN>;"
                        + " send($s, 'READY=1', 0, $to) or die; sleep 60";
        try (Child run =
                Launcher.in(folder).run(List.of("--ready-timeout", "50s"), List.of("perl", "-MSocket", "-e", server))) {
            run.awaitOut("sent");
            await().untilAsserted(() -> assertThat(status()).contains("\"statusText\":\"short\""));
            assertThat(status()).contains("\"state\":\"starting\"");
            write(run);
            run.awaitErr("\"orders\" is ready");
            run.signal("TERM");
            assertThat(run.awaitExit()).isEqualTo(143);
        }
    }

    /** The kernel would give each of them to the launcher, which has room for none. */
    @Test
    void descriptorsThatComeWithAMessageAreNotKept() throws IOException {
        Programs.require("python3");
        String server = """
                import array, os, socket, time
                address = os.environ['NOTIFY_SOCKET'].replace('@', '\\0', 1)
                s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                n = os.open('/dev/null', os.O_RDONLY)
                many = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [n] * 253))]
                print('up', flush=True)
                input()
                for i in range(200): s.sendmsg([b'STATUS=%d' % i], many, 0, address)
                s.sendmsg([b'READY=1'], many, 0, address)
                time.sleep(60)
                """;
        try (Child run = Launcher.in(folder).run(List.of("--ready-timeout", "50s"), List.of("python3", "-c", server))) {
            run.awaitOut("up");
            await().until(() -> Files.exists(folder.resolve("orders.sock")));
            // until what comes after the start is there
            await().untilAsserted(() -> assertThat(status()).contains("\"state\":\"starting\""));
            long before = descriptors(run.pid());
            write(run);
            run.awaitErr("\"orders\" is ready");
            assertThat(status()).contains("\"statusText\":\"199\"");
            await().untilAsserted(() -> assertThat(descriptors(run.pid())).isLessThanOrEqualTo(before + 2));
        }
    }

    private static long descriptors(long pid) throws IOException {
        try (var all = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return all.count();
        }
    }

    private static void write(Child run) {
        try {
            run.stdin().write("go\n".getBytes(StandardCharsets.US_ASCII));
            run.stdin().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String status() {
        return Launcher.in(folder).statusJson("orders");
    }
}
