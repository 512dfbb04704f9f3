package dev.holdfast.commands.mcp;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Both directions of a conversation on stdio. The library tells nobody of the end of its input, and forgets the answers that
 * it owes then: so the end is held back until each request has its answer, and is told here.
 */
final class StdioConversation {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long LOOK_MILLIS = 20;
    /** A message with both is a request; others have no answer. */
    private static final String METHOD = "\"method\"";

    private static final String ID = "\"id\"";

    private final InputStream input;
    private final OutputStream output;
    private final CountDownLatch end = new CountDownLatch(1);
    private long asked;
    private long answered;

    StdioConversation(InputStream in, OutputStream out) {
        input = new CountedInput(in);
        output = new CountedOutput(out);
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

    private synchronized void answered() {
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

    private final class CountedInput extends FilterInputStream {
        private final StringBuilder line = new StringBuilder();

        CountedInput(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int count = super.read(bytes, from, length);
            if (count < 0) {
                awaitAnswers();
                end.countDown();
                return count;
            }
            for (char letter : new String(bytes, from, count, StandardCharsets.ISO_8859_1).toCharArray()) {
                if (letter == '\n') {
                    if (line.indexOf(METHOD) >= 0 && line.indexOf(ID) >= 0) {
                        asked();
                    }
                    line.setLength(0);
                } else {
                    line.append(letter);
                }
            }
            return count;
        }
    }

    private final class CountedOutput extends FilterOutputStream {
        CountedOutput(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            try {
                out.write(bytes, from, length);
            } catch (IOException e) {
                end.countDown(); // nobody reads any more
                throw e;
            }
            for (int i = from; i < from + length; i++) {
                if (bytes[i] == '\n') {
                    answered();
                }
            }
        }

        @Override
        public void write(int letter) throws IOException {
            write(new byte[] {(byte) letter}, 0, 1);
        }
    }
}
