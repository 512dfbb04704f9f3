package dev.holdfast.supervise;

import dev.holdfast.posix.FileDescriptors;
import dev.holdfast.posix.Pipe;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Asks a URL until it answers well. In a thread of its own, which ends then: an HTTP client blocks. The thread tells by
 * the read end of a pipe.
 */
final class HttpProbe implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 2000;
    private static final int LEAST_PAUSE_MILLIS = 25;
    private static final int MOST_PAUSE_MILLIS = 250;
    private static final int FIRST_OK = 200;
    private static final int FIRST_BAD = 400;

    private final Pipe answered = Pipe.open();
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private final Thread thread;

    HttpProbe(String url) {
        thread = new Thread(() -> ask(url), "holdfast-ready-http");
        thread.setDaemon(true);
        thread.start();
    }

    /** Readable when it has answered. */
    int descriptor() {
        return answered.readEnd();
    }

    private void ask(String url) {
        try {
            int pause = LEAST_PAUSE_MILLIS;
            while (!isWell(url)) {
                if (cancelled.await(pause, TimeUnit.MILLISECONDS)) {
                    return;
                }
                pause = Math.min(MOST_PAUSE_MILLIS, pause * 2);
            }
            synchronized (this) {
                if (cancelled.getCount() > 0) {
                    FileDescriptors.wake(answered.writeEnd());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isWell(String url) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(url).toURL().openConnection();
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            connection.setInstanceFollowRedirects(false);
            connection.setUseCaches(false);
            try {
                int status = connection.getResponseCode();
                return status >= FIRST_OK && status < FIRST_BAD;
            } finally {
                connection.disconnect();
            }
        } catch (IOException | IllegalArgumentException e) {
            return false; // not yet
        }
    }

    /** The thread may still be in a request; it ends after it. */
    @Override
    public synchronized void close() {
        cancelled.countDown();
        answered.close();
    }
}
