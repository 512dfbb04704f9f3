package dev.holdfast.commands.mcp;

import dev.holdfast.json.jackson.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Both directions of a conversation on stdio. The library tells nobody of the end of its input, and forgets the answers that
 * it owes then: so the end is held back until each request has its answer, and is told here. A line that is no message ends
 * its reading, too, and nobody would see the end of the input any more: so it is answered here, and never seen by it.
 */
final class StdioConversation {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long LOOK_MILLIS = 20;
    private static final int PIECE_BYTES = 8192;

    private final InputStream input;
    private final OutputStream output = new CountedOutput();
    private final OutputStream rawOutput;
    private final CountDownLatch end = new CountDownLatch(1);
    private long asked;
    private long answered;

    StdioConversation(InputStream in, OutputStream out) {
        input = new CountedInput(in);
        rawOutput = out;
    }

    InputStream input() {
        return input;
    }

    OutputStream output() {
        return output;
    }

    /** Blocks until the input has ended and all was answered, or the output cannot be written any more. */
    void awaitEnd() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void asked() {
        asked++;
    }

    /** Writes one line. Both the library and the check of its input do, so each line is written whole. */
    private synchronized void answer(byte[] line) throws IOException {
        try {
            rawOutput.write(line);
            rawOutput.flush();
        } catch (IOException e) {
            end.countDown(); // nobody reads any more
            throw e;
        }
        answered++;
        notifyAll();
    }

    private synchronized void awaitAnswers() {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        try {
            while (answered < asked && System.nanoTime() < deadline) {
                wait(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Passes on what the library can take, and answers all else. */
    private final class CountedInput extends InputStream {
        private final InputStream in;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private final byte[] piece = new byte[PIECE_BYTES];
        private int at;
        private int filled;
        private ByteArrayInputStream passed = new ByteArrayInputStream(new byte[0]);

        CountedInput(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            while (passed.available() == 0) {
                if (!readLine()) {
                    awaitAnswers();
                    end.countDown();
                    return -1;
                }
            }
            return passed.read(bytes, from, length);
        }

        /** Takes one line, if there is one more. What stands behind the last newline is one, too. */
        private boolean readLine() throws IOException {
            while (true) {
                if (at == filled) {
                    at = 0;
                    filled = Math.max(0, in.read(piece, 0, piece.length));
                    if (filled == 0) {
                        boolean isRest = line.size() > 0;
                        take();
                        return isRest;
                    }
                }
                byte letter = piece[at++];
                if (letter == '\n') {
                    take();
                    return true;
                }
                line.write(letter);
            }
        }

        private void take() throws IOException {
            byte[] message = line.toByteArray();
            line.reset();
            if (new String(message, StandardCharsets.UTF_8).isBlank()) {
                return;
            }
            Optional<MessageCheck.Refusal> refusal = MessageCheck.of(message);
            if (refusal.isPresent()) {
                asked();
                answer((Json.line(refusal.get().answer()) + "\n").getBytes(StandardCharsets.UTF_8));
                return;
            }
            if (MessageCheck.isRequest(message)) {
                asked();
            }
            byte[] withEnd = Arrays.copyOf(message, message.length + 1);
            withEnd[message.length] = '\n';
            passed = new ByteArrayInputStream(withEnd);
        }
    }

    /** The library's lines, which it writes in pieces. */
    private final class CountedOutput extends OutputStream {
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            for (int i = from; i < from + length; i++) {
                write(bytes[i]);
            }
        }

        @Override
        public void write(int letter) throws IOException {
            line.write(letter);
            if (letter == '\n') {
                byte[] whole = line.toByteArray();
                line.reset();
                answer(whole);
            }
        }
    }
}
