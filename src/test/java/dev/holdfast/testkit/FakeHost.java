package dev.holdfast.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * What a client's start takes for the host of a shared server: says what a test wants it to say, and nothing more. Its clients
 * are written to and read from by the test.
 */
public final class FakeHost implements AutoCloseable {
    private static final long DEADLINE_SECONDS = 40;
    private static final String ID = "1-00000000";
    private static final String KEY = "0123456789abcdef".repeat(4);

    private final ServerSocketChannel listener;
    private final String answer;
    private final BlockingQueue<Client> clients = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();

    private FakeHost(Path socket, String answer) {
        this.answer = answer;
        try {
            listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(this::serve);
        thread.setDaemon(true);
        thread.start();
    }

    /** One that lets everybody in. */
    public static FakeHost at(Path socket) {
        return new FakeHost(socket, "{\"holdfast\":2,\"instanceId\":\"" + ID + "\",\"code\":0}");
    }

    /** One that lets nobody in. */
    public static FakeHost refusing(Path socket, String error, String remedy) {
        return new FakeHost(
                socket,
                "{\"holdfast\":2,\"instanceId\":\"" + ID + "\",\"error\":\"" + error + "\",\"remedy\":\"" + remedy
                        + "\"}");
    }

    private void serve() {
        try {
            while (true) {
                Client client = new Client(listener.accept());
                String request = client.line();
                requests.add(request);
                if (request.contains("\"request\":\"attach\"")) {
                    letIn(client, request);
                } else {
                    client.say("{\"holdfast\":1,\"instanceId\":\"" + ID + "\",\"share\":1,\"key\":\"" + KEY + "\"}");
                    client.close();
                }
            }
        } catch (IOException e) {
            requests.add(""); // closed
        }
    }

    private void letIn(Client client, String request) throws IOException {
        int bytes = Integer.parseInt(request.replaceAll(".*\"payloadBytes\":(\\d+).*", "$1"));
        client.say("{\"holdfast\":2,\"instanceId\":\"" + ID + "\",\"progress\":\"send\"}");
        requests.add(client.text(bytes));
        client.say(answer);
        clients.add(client);
    }

    /** The next client that was let in, or refused. */
    public Client awaitClient() {
        return awaited(clients);
    }

    /** What was asked next: lines, and the payloads of those that have one. */
    public String awaitRequest() {
        return awaited(requests);
    }

    private static <T> T awaited(BlockingQueue<T> queue) {
        try {
            T next = queue.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nobody has come");
            }
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Client client : clients) {
                client.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A client's connection. Reads block: a test has a time limit of its own. */
    public static final class Client implements AutoCloseable {
        private final SocketChannel channel;

        private Client(SocketChannel channel) {
            this.channel = channel;
        }

        /** Writes a line. */
        public void say(String line) {
            sayText(line + "\n");
        }

        /** Writes what need not be a line. */
        public void sayText(String text) {
            try {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Reads a line, without its end; empty when none comes any more. */
        public String line() {
            StringBuilder line = new StringBuilder();
            for (String next = text(1); !next.isEmpty() && !next.equals("\n"); next = text(1)) {
                line.append(next);
            }
            return line.toString();
        }

        /** Reads so many bytes, or what there is up to the end. */
        public String text(int count) {
            ByteBuffer bytes = ByteBuffer.allocate(count);
            try {
                while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                    // go on
                }
            } catch (IOException e) {
                return "";
            }
            return new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
