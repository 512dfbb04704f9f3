package dev.holdfast.testkit;

import dev.holdfast.control.PayloadWriter;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.sockets.DescriptorMessage;
import dev.holdfast.posix.sockets.UnixStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** Talks version 2 of the control protocol, step by step, with descriptors, which the JDK's channels cannot pass. */
public final class LongClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final UnixStream stream;
    private final StringBuilder received = new StringBuilder();
    private boolean ended;
    private boolean hungUp;

    private LongClient(UnixStream stream) {
        this.stream = stream;
    }

    /** Connects, and waits while too many others do. */
    public static LongClient connect(Path socket) {
        UnixStream[] stream = new UnixStream[1];
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(1))
                .ignoreExceptions()
                .until(() -> {
                    stream[0] = UnixStream.connect(socket.toString());
                    return true;
                });
        return new LongClient(stream[0]);
    }

    /** A payload of these arguments. */
    public static byte[] payload(String... arguments) {
        List<byte[]> words = new ArrayList<>();
        for (String argument : arguments) {
            words.add(argument.getBytes(StandardCharsets.UTF_8));
        }
        return new PayloadWriter().arguments(words).end();
    }

    /** Asks for an activation, with so many descriptors of a folder and of nothing. */
    public LongClient ask(int payloadBytes, int descriptors) {
        int folder = FileDescriptors.open("/", FileDescriptors.O_PATH, 0);
        int nowhere = FileDescriptors.open("/dev/null", FileDescriptors.O_RDWR, 0);
        int[] passed = new int[descriptors];
        for (int i = 0; i < descriptors; i++) {
            passed[i] = i == 0 ? folder : nowhere;
        }
        try {
            var unused = DescriptorMessage.send(
                    stream.descriptor(),
                    line("{\"holdfast\":2,\"request\":\"activate\",\"payloadBytes\":" + payloadBytes
                            + ",\"patienceMillis\":60000}"),
                    passed);
        } finally {
            FileDescriptors.close(folder);
            FileDescriptors.close(nowhere);
        }
        return this;
    }

    private static byte[] line(String text) {
        return (text + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Asks, and sends the payload when it may. */
    public LongClient activate(String... arguments) {
        byte[] payload = payload(arguments);
        ask(payload.length, 3).awaitLine("\"progress\":\"send\"");
        send(payload);
        return this;
    }

    /** All of it, however long it takes. */
    public void send(byte[] bytes) {
        int[] sent = new int[1];
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(1)).until(() -> {
            int count = 0;
            do {
                byte[] rest = java.util.Arrays.copyOfRange(bytes, sent[0], Math.min(bytes.length, sent[0] + 65_536));
                count = rest.length == 0 ? 0 : stream.writeSome(rest);
                sent[0] += Math.max(0, count);
            } while (count > 0);
            return count < 0 || sent[0] == bytes.length;
        });
    }

    /** Waits until something of this has come. */
    public void awaitLine(String part) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(1))
                .untilAsserted(() ->
                        org.assertj.core.api.Assertions.assertThat(received()).contains(part));
    }

    /** What has come so far. */
    public String received() {
        byte[] bytes = new byte[4096];
        int count = ended ? -1 : stream.read(bytes, 0);
        while (count > 0) {
            received.append(new String(bytes, 0, count, StandardCharsets.UTF_8));
            count = stream.read(bytes, 0);
        }
        ended |= count < 0;
        return received.toString();
    }

    /** Whether the other end has closed by now. */
    public boolean hasEnded() {
        var unused = received();
        return ended;
    }

    /** All that comes until the other end closes. */
    public String awaitEnd() {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(1)).until(() -> {
            var unused = received();
            return ended;
        });
        return received.toString();
    }

    /** Closes the connection before its time. */
    public void hangUp() {
        if (!hungUp) {
            hungUp = true;
            stream.close();
        }
    }

    @Override
    public void close() {
        hangUp();
    }
}
