package dev.holdfast.share.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;

/** Reads requests' bodies, within what all of them together may take of the memory. Safe for use by many threads. */
final class Bodies {
    private static final long MOST_BYTES_IN_ALL = 64 << 20;
    private static final int CHUNK = 64 << 10;

    private final int longestMessage;
    private final long most;
    private final AtomicLong taken = new AtomicLong();

    /**
     * None is read.
     *
     * @param longestMessage a longer one is not taken, in bytes
     */
    Bodies(int longestMessage) {
        this.longestMessage = longestMessage;
        most = Math.max(MOST_BYTES_IN_ALL, 2L * longestMessage);
    }

    /** A body, whose bytes are counted until it is closed. */
    final class Body implements AutoCloseable {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private Verdict verdict = Verdict.WHOLE;

        private Body() {}

        Verdict verdict() {
            return verdict;
        }

        byte[] bytes() {
            return bytes.toByteArray();
        }

        private void read(InputStream stream) throws IOException {
            byte[] chunk = new byte[CHUNK];
            for (int count = stream.read(chunk); count >= 0; count = stream.read(chunk)) {
                bytes.write(chunk, 0, count);
                if (taken.addAndGet(count) > most) {
                    verdict = Verdict.NO_ROOM;
                    return;
                }
                if (bytes.size() > longestMessage) {
                    verdict = Verdict.TOO_LONG;
                    return;
                }
            }
        }

        @Override
        public void close() {
            taken.addAndGet(-bytes.size());
        }
    }

    /** What became of it. */
    enum Verdict {
        WHOLE,
        TOO_LONG,
        NO_ROOM
    }

    /** Reads one. Blocks until it has come, as far as the server's own time for that allows. */
    Body read(HttpExchange exchange) throws IOException {
        Body body = new Body();
        try {
            body.read(exchange.getRequestBody());
            return body;
        } catch (IOException | RuntimeException | Error e) {
            body.close();
            throw e;
        }
    }

    int longestMessage() {
        return longestMessage;
    }
}
