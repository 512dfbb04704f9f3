package dev.holdfast.supervise;

import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.Pipe;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

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
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final String NO_ANSWER = "the URL was not answered";

    private final Pipe answered = Pipe.open();
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private final ServerTree server;
    private final Thread thread;
    private volatile String problem = NO_ANSWER;
    /** Who answered last instead of the server. The thread's own. */
    private @Nullable PortListener stranger;

    HttpProbe(String url, ServerTree server) {
        this.server = server;
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
            while (!isWell(url) || !isByServer(url)) {
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

    /** What is wrong, for a message: no URL, since there may be a secret in it. */
    String problem() {
        return problem;
    }

    /** An address of this machine must be this server's own: what is left of another one may still have the port. */
    private boolean isByServer(String url) {
        try {
            URI uri = URI.create(url);
            InetAddress address = InetAddress.getByName(uri.getHost());
            if (!isOfThisMachine(address)) {
                return true;
            }
            byte[] reached = (address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address).getAddress();
            PortListener listener = PortListener.on(reached, portOf(uri));
            if (listener.isOf(server)) {
                return true;
            }
            if (stranger == null || !stranger.isSameAs(listener)) {
                stranger = listener;
                problem = "port " + listener.port() + " of this machine was answered by " + listener.describe()
                        + ", which is none of this server's; --ready-command is for servers whose port is never their own";
            }
        } catch (IOException e) {
            problem = NO_ANSWER; // the name is not known any more
        }
        return false;
    }

    private static boolean isOfThisMachine(InetAddress address) throws IOException {
        return address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || NetworkInterface.getByInetAddress(address) != null;
    }

    private static int portOf(URI uri) {
        if (uri.getPort() >= 0) {
            return uri.getPort();
        }
        return "https".equals(uri.getScheme()) ? HTTPS_PORT : HTTP_PORT;
    }

    private boolean isWell(String url) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(url).toURL().openConnection();
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            connection.setInstanceFollowRedirects(false);
            connection.setUseCaches(false);
            try {
                int status = connection.getResponseCode();
                boolean isWell = status >= FIRST_OK && status < FIRST_BAD;
                if (!isWell) {
                    problem = "the URL was answered with status " + status;
                }
                return isWell;
            } finally {
                connection.disconnect();
            }
        } catch (IOException | IllegalArgumentException e) {
            problem = NO_ANSWER; // not yet
            return false;
        }
    }

    /** The thread may still be in a request; it ends after it. */
    @Override
    public synchronized void close() {
        cancelled.countDown();
        answered.close();
    }
}
