package dev.holdfast.posix.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.posix.processes.Self;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose the other end of a connection is. */
@Timeout(60)
class TcpPeerTest {
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void theOtherEndIsThisUsers(String address) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName(address));
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket accepted = server.accept()) {
            byte[] peer = accepted.getInetAddress().getAddress();
            byte[] own = accepted.getLocalAddress().getAddress();
            assertThat(TcpPeer.user(peer, client.getLocalPort(), own, server.getLocalPort()))
                    .hasValue(Self.effectiveUser());
            assertThat(TcpPeer.user(peer, client.getLocalPort(), own, 1)).isEmpty();
        }
    }

    /** The kernel calls such a socket root's: whoever closes at once would be root. */
    @Test
    void aSocketThatWasClosedIsNobodys() {
        String head =
                "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
        String local = "0100007F:1234";
        String remote = "0100007F:1F40";
        String open =
                "   0: " + local + " " + remote + " 01 00000000:00000000 00:00000000 00000000  1000        0 77 1 0\n";
        String closed =
                "   0: " + local + " " + remote + " 05 00000000:00000000 00:00000000 00000000     0        0 0 1 0\n";
        assertThat(TcpPeer.in(head + open, local, remote)).hasValue(1000);
        assertThat(TcpPeer.in(head + closed, local, remote)).isEmpty();
        assertThat(TcpPeer.in(head + open, remote, local)).isEmpty();
    }

    /** A user namespace has one number for all whom it does not know: it may be this user's own, as nobody's is. */
    @ParameterizedTest
    @CsvSource({
        "1000, 0 0 4294967295, true",
        "65534, 0 0 4294967295, true",
        "65534, 0 100000 65536, false",
        "1000, 0 100000 65536, true",
        "65534, 65534 1000 1, false",
        "65534, '', false"
    })
    void whomTheNamespaceDoesNotKnowIsNobody(int user, String map, boolean isTold) {
        assertThat(TcpPeer.isTold(user, "65534\n", map.replace(" ", "          ") + "\n"))
                .isEqualTo(isTold);
    }
}
