package dev.holdfast.testkit;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Talks to a control socket, byte by byte if need be. */
public final class SocketClient implements AutoCloseable {
    private final SocketChannel channel;

    private SocketClient(SocketChannel channel) {
        this.channel = channel;
    }

    public static SocketClient connect(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return new SocketClient(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** One request, one answer. */
    public static String ask(Path socket, String line) throws IOException {
        try (SocketClient client = connect(socket)) {
            client.send(line + "\n");
            return client.receive();
        }
    }

    public void send(String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** All that comes until the other end closes. */
    public String receive() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(4096);
        try {
            while (channel.read(bytes) >= 0) {
                if (!bytes.hasRemaining()) {
                    break;
                }
            }
        } catch (IOException e) {
            // "Connection reset": closed with something of ours unread; what came before counts.
            if (bytes.position() == 0) {
                return "";
            }
        }
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
