package dev.holdfast.embed;

import dev.holdfast.control.ControlAnswer;
import dev.holdfast.control.ControlCall;
import dev.holdfast.control.LongAnswer;
import dev.holdfast.control.Request;
import dev.holdfast.guard.Activations;
import dev.holdfast.journal.Journal;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.SocketFile;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.processes.Children;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.sockets.UnixListener;
import dev.holdfast.posix.sockets.UnixStream;
import dev.holdfast.supervise.Chore;
import dev.holdfast.supervise.ControlReply;
import dev.holdfast.supervise.ControlSocket;
import dev.holdfast.supervise.SocketLoop;
import dev.holdfast.supervise.StopReason;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The control socket of a server that guards itself: takes second launches, and says how it goes. Serves in a daemon thread
 * of its own. To be made and closed while the lock is held. Safe for use by many threads.
 */
public final class EmbeddedControl implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMinutes(1);
    /** One turn of the loop, which bounds all it does. */
    private static final long MOST_CLOSING_MILLIS = 2000;

    private final SocketFile file;
    private final Journal journal;
    private final LockRecord record;
    private final ReceiverActivation target;
    private final ControlSocket socket;
    private final SocketLoop loop;
    private final Thread thread;
    private @Nullable UnixListener listener;
    private boolean closed;

    /**
     * Listens from now on, and has who asks wait until {@link #receiveBy}. Where the socket cannot be had, that is told, and
     * nobody is heard.
     *
     * @param lockFile beside it the socket is
     * @param record who answers
     * @param timeout how long the program may take over one second launch
     */
    public EmbeddedControl(LockFile lockFile, LockRecord record, Duration timeout, Journal journal) {
        this.file = SocketFile.beside(lockFile);
        this.record = record;
        this.journal = journal;
        target = new ReceiverActivation(record.name(), record.instanceId(), timeout, journal, this::wake);
        socket = new ControlSocket(new Lines(new Activations(target, Ticker.SYSTEM)), Ticker.SYSTEM);
        loop = new SocketLoop(socket, new Look());
        keep();
        thread = new Thread(this::serve, "holdfast-control-" + record.name());
        thread.setDaemon(true);
        thread.start();
    }

    /** Ready: whoever waits is told to the program from now on. */
    public void receiveBy(LaunchReceiver receiver) {
        target.receiveBy(receiver);
    }

    /** Refuses all launches that wait, since the program is about to end. */
    public void stopping() {
        target.stop();
    }

    private synchronized void wake() {
        if (!closed) {
            loop.wake();
        }
    }

    private void serve() {
        try {
            loop.run();
        } catch (PosixException e) {
            // a filter of system calls refuses poll(2); the thread's own end would be a stack trace in the program's
            // output
            tellDeaf(e.getMessage());
        } finally {
            socket.close();
            synchronized (this) {
                closed = true;
                loop.close();
            }
        }
    }

    /** Puts the socket back when its file was removed. */
    private final class Look extends Chore {
        Look() {
            super(Ticker.SYSTEM, LOOK);
        }

        @Override
        protected void run() {
            keep();
        }

        @Override
        protected Optional<Duration> period() {
            return Optional.of(LOOK);
        }
    }

    private void keep() {
        if (listener != null && listener.isStillAtPath()) {
            return;
        }
        Optional<String> obstacle = file.clear();
        if (obstacle.isEmpty()) {
            try {
                UnixListener bound = UnixListener.bind(file.path());
                listener = bound;
                socket.listenOn(bound);
                return;
            } catch (PosixException e) {
                obstacle = Optional.of(Errno.describe(e.errno()));
            }
        }
        tellDeaf(obstacle.get());
    }

    private void tellDeaf(@Nullable String why) {
        journal.warn("no control socket, so second launches of \"" + record.name() + "\" are not heard: " + why
                + " file=" + file.path());
    }

    /** Also removes the socket's file. Waits for what is being told to who asked, not for the program's own code. */
    @Override
    public void close() {
        target.stop();
        synchronized (this) {
            if (!closed) {
                loop.end();
            }
        }
        try {
            thread.join(MOST_CLOSING_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Understands the lines. In the loop's thread. */
    private final class Lines implements ControlSocket.Handler {
        private final Activations activations;

        Lines(Activations activations) {
            this.activations = activations;
        }

        @Override
        public ControlReply answer(byte[] line, UnixStream.Peer peer) {
            ControlCall call;
            try {
                call = ControlCall.parse(line);
            } catch (ControlCall.RefusedException e) {
                return refused(String.valueOf(e.getMessage()));
            }
            if (!call.instanceId().isEmpty() && !call.instanceId().equals(record.instanceId())) {
                return refused(ControlAnswer.OTHER_INSTANCE);
            }
            if (call.request() == Request.STATUS) {
                return new ControlReply.Line(
                        ControlAnswer.line(target.isStopping() ? record.withState(LockRecord.State.STOPPING) : record));
            }
            if (call.request() != Request.ACTIVATE) {
                return refused("it guards itself, without a launcher: it is stopped by TERM, and does nothing else");
            }
            return peer.uid() == Self.effectiveUser()
                    ? new ControlReply.Longer(
                            activations.activation(
                                    call,
                                    StopReason.asked(call.request().word(), peer.pid(), peer.uid(), "")
                                            .facts()),
                            call.payloadBytes(),
                            Activations.DESCRIPTORS)
                    : new ControlReply.Line(
                            refusal("another user's instance is not activated", LongAnswer.Refusal.NEVER));
        }

        private ControlReply refused(String reason) {
            return new ControlReply.Line(ControlAnswer.refusal(record.instanceId(), reason));
        }

        @Override
        public String progress(String word) {
            return LongAnswer.progress(record.instanceId(), word, 0);
        }

        @Override
        public String refusal(String reason, String kind) {
            return LongAnswer.refusal(record.instanceId(), reason, kind);
        }

        @Override
        public void look() {
            activations.look();
        }

        @Override
        public long deadline() {
            return activations.deadline();
        }

        @Override
        public void heard(Children.News news) {}

        @Override
        public void serverEnded() {}
    }
}
