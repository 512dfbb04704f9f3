package dev.holdfast.instance;

import dev.holdfast.control.ControlAnswer;
import dev.holdfast.control.Request;
import dev.holdfast.lock.LockFileException;
import dev.holdfast.lock.UnsafeLockPathException;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.OpenLockFile;
import dev.holdfast.posix.sockets.UnixStream;
import dev.holdfast.waiting.EventWait;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** Asks the launcher of a shared server what it knows of its clients. Changes nothing. */
public final class SharedClients {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final int FIRST_BYTES = 8 * 1024;
    /** Far more than a launcher says of its clients. */
    private static final int MOST_BYTES = 4 * 1024 * 1024;

    private SharedClients() {}

    /** The same, when its launcher was found to live. */
    public static Optional<byte[]> of(Inspection found) {
        boolean lives =
                found.verdict() == Inspection.Verdict.RUNNING || found.verdict() == Inspection.Verdict.ANSWERING;
        return lives && found.record().isPresent()
                ? of(found.lockFile(), found.record().get())
                : Optional.empty();
    }

    /**
     * Asks. Blocks for a second at the most.
     *
     * @param lockFile the instance's
     * @param record what it says of itself
     * @return the answer, a line of JSON with {@link ControlAnswer#SHARE} in it; empty when it is not shared, or nobody answers
     */
    public static Optional<byte[]> of(LockFile lockFile, LockRecord record) {
        if (!record.care().isShared() || !record.hasLauncher()) {
            return Optional.empty();
        }
        try (OpenLockFile file = lockFile.look().orElse(null)) {
            return file == null ? Optional.empty() : ask(file, record);
        } catch (LockFileException | UnsafeLockPathException e) {
            return Optional.empty(); // it is gone, or was replaced meanwhile
        }
    }

    private static Optional<byte[]> ask(OpenLockFile file, LockRecord record) {
        EventWait wait = new EventWait(null, false);
        HolderContact contact = HolderContact.withLauncher(record, file, wait);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (UnixStream stream = contact.connect().orElse(null)) {
            byte[] call = contact.call(Request.CLIENTS, Optional.empty()).line();
            if (stream == null || !stream.write(call)) {
                return Optional.empty();
            }
            return hear(stream, wait, deadline).filter(line -> isOf(line, record));
        }
    }

    private static Optional<byte[]> hear(UnixStream stream, EventWait wait, long deadline) {
        byte[] received = new byte[FIRST_BYTES];
        int length = 0;
        while (wait.await(deadline, stream.descriptor())) {
            if (length == received.length && length == MOST_BYTES) {
                return Optional.empty();
            }
            received = length == received.length ? Arrays.copyOf(received, 2 * length) : received;
            int count = stream.read(received, length);
            if (count < 0) {
                return Optional.empty();
            }
            length += count;
            if (length > 0 && received[length - 1] == '\n') {
                return Optional.of(Arrays.copyOf(received, length - 1));
            }
        }
        return Optional.empty();
    }

    /** A launcher that knows of no such request refuses it. */
    private static boolean isOf(byte[] line, LockRecord record) {
        Optional<ControlAnswer> answer = ControlAnswer.parse(line);
        return answer.isPresent()
                && answer.get().error().isEmpty()
                && answer.get().instanceId().equals(record.instanceId());
    }
}
