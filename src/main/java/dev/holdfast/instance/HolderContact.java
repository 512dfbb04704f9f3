package dev.holdfast.instance;

import dev.holdfast.control.ControlAnswer;
import dev.holdfast.control.ControlCall;
import dev.holdfast.control.LongAnswer;
import dev.holdfast.control.Request;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.OpenLockFile;
import dev.holdfast.lock.file.ProvedHolder;
import dev.holdfast.lock.file.SocketFile;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.processes.ProcFs;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.sockets.DescriptorMessage;
import dev.holdfast.posix.sockets.UnixStream;
import dev.holdfast.waiting.EventWait;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * Asks a holder by its control socket: one that lives in another pid namespace, or of which an answer is wanted. Signals
 * nobody.
 *
 * <p>The socket's file must be the lock file's owner's, and so must be, by the kernel's word, the process that listens;
 * and it must know itself by the instance id that the record has. So an answer is of the holder, or of somebody who may
 * act as the holder anyway.
 */
public final class HolderContact {
    private static final long RETRY_MILLIS = 20;
    /** What a holder may take to answer that is stopped, or busy with a command around its server. */
    private static final Duration MOST_PATIENCE = Duration.ofSeconds(30);

    private static final Duration LISTENING = Duration.ofMillis(500);
    private static final Duration LEAST_PATIENCE = Duration.ofSeconds(1);
    /** For the holder to kill what outlives the grace, to reap it and to release. */
    private static final Duration MARGIN = Duration.ofSeconds(2);

    private static final int LONGEST_ANSWER = 1024;

    private final OpenLockFile file;
    private final LockRecord record;
    private final EventWait wait;

    private HolderContact(OpenLockFile file, LockRecord record, EventWait wait) {
        this.file = file;
        this.record = record;
        this.wait = wait;
    }

    /** With a holder of this boot that could not be proved because its pids count elsewhere; empty with any other. */
    public static Optional<HolderContact> with(ProvedHolder holder, OpenLockFile file, EventWait wait) {
        Optional<LockRecord> record = holder.record();
        return isElsewhere(holder) && record.isPresent()
                ? Optional.of(new HolderContact(file, record.get(), wait))
                : Optional.empty();
    }

    /** With a holder that was proved to be one, and whose launcher stays. */
    public static HolderContact withLauncher(LockRecord record, OpenLockFile file, EventWait wait) {
        return new HolderContact(file, record, wait);
    }

    /** A long request of this very instance. */
    ControlCall longCall(Request verb, int payloadBytes, Duration patience) {
        return new ControlCall(
                verb, record.instanceId(), Optional.empty(), Self.hostName(), Self.pid(), patience, payloadBytes);
    }

    /** A connection to the process that listens, when that is the owner's; empty when nobody does, or too many wait. */
    Optional<UnixStream> connect() {
        if (!SocketFile.beside(file.location()).isSocketOf(file.status().owner())) {
            return Optional.empty();
        }
        UnixStream stream;
        try {
            stream = UnixStream.connect(socketPath());
        } catch (PosixException e) {
            return Optional.empty();
        }
        try {
            if (stream.peer().uid() == file.status().owner()) {
                return Optional.of(stream);
            }
        } catch (PosixException e) {
            // As if nobody listened.
        }
        stream.close();
        return Optional.empty();
    }

    /** Whether somebody listens, or listened a moment ago and has too much to do. Waits for half a second at the most. */
    public boolean isListening() {
        long deadline = System.nanoTime() + LISTENING.toNanos();
        while (SocketFile.beside(file.location()).isSocketOf(file.status().owner()) && !wait.isStopRequested()) {
            try (UnixStream stream = connect().orElse(null)) {
                if (stream != null) {
                    return true;
                }
            }
            if (System.nanoTime() >= deadline) {
                return false;
            }
            wait.pause(RETRY_MILLIS);
        }
        return false;
    }

    /** Whether a holder says to live in another pid namespace of this very boot. */
    public static boolean isElsewhere(ProvedHolder holder) {
        LockRecord record = holder.record().orElse(null);
        return holder instanceof ProvedHolder.Unverifiable
                && record != null
                && record.pidNamespace() != 0
                && record.pidNamespace() != ProcFs.pidNamespace(Self.pid()).orElse(0)
                && record.bootId().equals(ProcFs.bootId())
                && !record.instanceId().isEmpty();
    }

    /** What the holder has recorded. */
    LockRecord record() {
        return record;
    }

    /** Whether it is worth to ask: a launcher that became the server has no socket. */
    boolean hasLauncher() {
        return hasLauncher(record);
    }

    /** Whether the launcher of a record can be asked, when it lives. */
    public static boolean hasLauncher(LockRecord record) {
        boolean isStarting =
                record.care().handOff().isEmpty() && record.server().isEmpty();
        return isStarting || record.hasLauncher();
    }

    /** How long to wait for an answer: as long as a stop may take, within limits. */
    Duration patience() {
        Duration grace = Duration.ofMillis(record.graceMillis());
        if (grace.compareTo(MOST_PATIENCE) > 0) {
            return MOST_PATIENCE;
        }
        return grace.compareTo(LEAST_PATIENCE) < 0 ? LEAST_PATIENCE : grace;
    }

    /** That it has not answered in all of its time. */
    Obstacle noAnswer(Request asked) {
        return new Obstacle.NoAnswer(asked, socketPath(), patience());
    }

    /** How long to wait for the end of a holder that has agreed to stop. */
    Duration timeToStop(ControlAnswer answer, Optional<Duration> grace) {
        long millis = Math.max(
                Math.max(record.graceMillis(), answer.graceMillis()),
                grace.orElse(MARGIN).toMillis());
        return Duration.ofMillis(millis).plus(MARGIN);
    }

    String socketPath() {
        return SocketFile.beside(file.location()).path();
    }

    /** A request of this very instance. */
    ControlCall call(Request verb, Optional<Duration> grace) {
        return new ControlCall(verb, record.instanceId(), grace, Self.hostName(), Self.pid());
    }

    /**
     * Asks once. Blocks until there is an answer, or the time is over.
     *
     * @param deadline by {@link System#nanoTime}
     * @return the answer; empty when there is no socket, or nobody answers
     */
    Optional<ControlAnswer> ask(ControlCall call, long deadline) {
        if (!SocketFile.beside(file.location()).isSocketOf(file.status().owner())) {
            return Optional.empty();
        }
        try (UnixStream stream = UnixStream.connect(socketPath())) {
            boolean isOwners = stream.peer().uid() == file.status().owner();
            return isOwners && stream.write(call.line()) ? hear(stream, deadline) : Optional.empty();
        } catch (PosixException e) {
            return Optional.empty(); // nobody listens
        }
    }

    /**
     * Asks until there is an answer, for {@link #patience} at the most. A holder may not have its socket yet, or be busy with a command around its server.
     *
     * @return the answer; empty when the time is over, the lock is free, or a stop request has come
     */
    Optional<ControlAnswer> askPatiently(ControlCall call) {
        return askPatiently(call, patience());
    }

    /** The same, for so long at the most. */
    Optional<ControlAnswer> askPatiently(ControlCall call, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!wait.isStopRequested() && isStillThere()) {
            Optional<ControlAnswer> answer = ask(call, deadline);
            if (answer.isPresent() || System.nanoTime() >= deadline) {
                return answer;
            }
            wait.pause(RETRY_MILLIS);
        }
        return Optional.empty();
    }

    /**
     * Asks for the listening sockets. Blocks for {@link #LEAST_PATIENCE} at the most.
     *
     * @return descriptors, close-on-exec, which are the caller's to close; none when there are none, or nobody answers
     */
    public int[] askForSockets() {
        try (UnixStream stream = hasLauncher() ? connect().orElse(null) : null) {
            byte[] line = longCall(Request.SOCKETS, 0, LEAST_PATIENCE).line();
            long deadline = System.nanoTime() + LEAST_PATIENCE.toNanos();
            if (stream == null || !stream.write(line) || !wait.await(deadline, stream.descriptor())) {
                return new int[0];
            }
            byte[] received = new byte[LONGEST_ANSWER];
            DescriptorMessage message = DescriptorMessage.receive(stream.descriptor(), received, 0);
            // One message of one line: the other end has sent it whole, or not at all.
            boolean isGiven = message.length() > 0
                    && LongAnswer.parse(Arrays.copyOf(received, message.length() - 1))
                            .filter(answer -> answer.instanceId().equals(record.instanceId()))
                            .filter(answer -> answer.isLast() && answer.error().isEmpty())
                            .isPresent();
            if (isGiven) {
                return message.descriptors();
            }
            DescriptorMessage.close(message.descriptors());
            return new int[0];
        }
    }

    private Optional<ControlAnswer> hear(UnixStream stream, long deadline) {
        byte[] received = new byte[LONGEST_ANSWER];
        int length = 0;
        while (length < received.length && wait.await(deadline, stream.descriptor())) {
            int count = stream.read(received, length);
            if (count < 0) {
                break;
            }
            length += count;
            if (length > 0 && received[length - 1] == '\n') {
                Optional<ControlAnswer> answer = ControlAnswer.parse(Arrays.copyOf(received, length));
                return answer.isPresent() && isOfHolder(answer.get()) ? answer : Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** Another instance's refusal is an answer, too: the holder has changed meanwhile. */
    private boolean isOfHolder(ControlAnswer answer) {
        return answer.instanceId().equals(record.instanceId())
                || !answer.error().isEmpty();
    }

    /**
     * Waits until the holder has let go. Blocks.
     *
     * @param deadline by {@link System#nanoTime}
     * @return false when the time is over, or a stop request has come
     */
    public boolean awaitRelease(long deadline) {
        while (isStillThere()) {
            if (System.nanoTime() >= deadline || wait.isStopRequested()) {
                return false;
            }
            wait.pause(RETRY_MILLIS);
        }
        return true;
    }

    /** Whether the lock is held by the same instance still, as far as can be told. */
    boolean isStillThere() {
        if (!file.isHeld() || !file.isStillAtPath()) {
            return false;
        }
        Optional<LockRecord> now = file.record();
        return now.isEmpty() || now.get().instanceId().equals(record.instanceId());
    }
}
