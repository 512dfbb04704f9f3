package dev.holdfast.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.sockets.ListeningSocket;
import dev.holdfast.settings.ListenAddress;
import dev.holdfast.settings.ListenSettings;
import dev.holdfast.settings.ReadinessSettings;
import dev.holdfast.testkit.SocketLoad;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Sockets of the caller's, of which only the descriptor is known; those of --listen are known by their address as well. */
class SocketReadinessTest {
    private static final ListenSettings NONE = new ListenSettings(List.of(), false);

    private static ReadinessSettings readiness(String url, int port, int descriptor) {
        return new ReadinessSettings(Optional.empty(), url, port, "", descriptor, "", Duration.ZERO, Optional.empty());
    }

    private static String obstacle(ReadinessSettings readiness, boolean overlaps, Integer... sockets) {
        return new SocketReadiness(readiness, NONE, List.of(sockets)).obstacle(overlaps);
    }

    @Test
    void whatAnInheritedSocketWouldTellIsRefused() throws IOException {
        int port = SocketLoad.freePort();
        int socket = ListeningSocket.bind(ListeningSocket.address("127.0.0.1"), port);
        try {
            String url = "http://localhost:" + port + "/health";
            assertThat(obstacle(readiness("", port, 0), false, socket)).contains("--ready-port", "another port");
            assertThat(obstacle(readiness("", port, 0), true, socket)).contains("--ready-port");
            assertThat(obstacle(readiness("", port, 0), true)).isEmpty();
            assertThat(obstacle(readiness(url, 0, 0), false, socket)).isEmpty();
            assertThat(obstacle(readiness(url, 0, 0), true, socket)).contains("--ready-http", "old server");
            assertThat(obstacle(readiness("https://localhost/", 0, 0), true, socket))
                    .isEmpty();
        } finally {
            FileDescriptors.close(socket);
        }
    }

    @Test
    void portOfListenIsRefusedWhateverItsSocket() {
        ListenSettings listen = new ListenSettings(List.of(new ListenAddress("web", "", 8080, "")), false);
        assertThat(new SocketReadiness(readiness("", 8080, 0), listen, List.of()).obstacle(false))
                .isNotEmpty();
        assertThat(new SocketReadiness(readiness("http://localhost:8080/", 0, 0), listen, List.of()).obstacle(true))
                .isNotEmpty();
        assertThat(new SocketReadiness(readiness("", 8081, 0), listen, List.of()).obstacle(true))
                .isEmpty();
    }

    @Test
    void numberOfASocketIsNotOneOfThePipe() {
        assertThat(obstacle(readiness("", 0, 3), false, 40, 41)).contains("--ready-fd 3 is one of");
        assertThat(obstacle(readiness("", 0, 4), false, 40, 41)).isNotEmpty();
        assertThat(obstacle(readiness("", 0, 5), false, 40, 41)).isEmpty();
    }
}
