package dev.holdfast.instance;

import dev.holdfast.control.ControlCall;
import dev.holdfast.control.LongAnswer;
import dev.holdfast.control.RedeployReport;
import dev.holdfast.control.Request;
import dev.holdfast.lock.file.HolderSearch;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.OpenLockFile;
import dev.holdfast.lock.file.ProvedHolder;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.sockets.UnixStream;
import dev.holdfast.process.PinnedProcess;
import dev.holdfast.waiting.EventWait;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks a running launcher to put another command into its server's place, and waits for its report. Only who was proved to
 * hold the lock is asked. A redeploy that has begun goes on when this process ends.
 */
public final class InstanceRedeploy {
    private static final int ROOT = 0;
    private static final int LONGEST_ANSWER = 4096;
    private static final long RETRY_MILLIS = 20;

    private final LockFile lockFile;
    private final Request request;
    private final byte[] payload;
    private final EventWait wait = new EventWait(null, false);
    private boolean hasBegun;
    /** All of the order has been sent, and was not turned down: the launcher may do it, whether it lives to say so or not. */
    private boolean isSent;

    private InstanceRedeploy(LockFile lockFile, Request request, byte[] payload) {
        this.lockFile = lockFile;
        this.request = request;
        this.payload = payload;
    }

    /** What came of it. */
    public sealed interface Result {
        /** The launcher has told. */
        record Reported(RedeployReport report) implements Result {}

        /** Nobody holds the lock. */
        record NotRunning() implements Result {}

        /** It is another user's. */
        record Foreign(int owner) implements Result {}

        /**
         * It cannot be asked, or does not do it; nothing was done.
         *
         * @param why a sentence without its subject
         */
        record Refused(String why) implements Result {}

        /**
         * Its launcher was stopped, by job control or a debugger, and does nothing before somebody continues it; nothing was
         * sent.
         */
        record Stopped(int pid) implements Result {}

        /** The launcher has ended over it. */
        record Lost() implements Result {}
    }

    /**
     * Asks for another command. Blocks until it is known what came of it.
     *
     * @param lockFile where the instance's lock is
     * @param order as {@link dev.holdfast.control.RedeployOrder#payload} has it
     * @throws dev.holdfast.lock.UnsafeLockPathException if the lock path cannot be trusted
     * @throws dev.holdfast.lock.LockFileException if the file may not be opened
     */
    public static Result redeploy(LockFile lockFile, byte[] order) {
        return new InstanceRedeploy(lockFile, Request.REDEPLOY, order).ask();
    }

    /** Asks for the command before this one. Blocks, and throws, as {@link #redeploy}; of the order the settling counts. */
    public static Result rollback(LockFile lockFile, byte[] order) {
        return new InstanceRedeploy(lockFile, Request.ROLLBACK, order).ask();
    }

    private Result ask() {
        try (OpenLockFile file = lockFile.look().orElse(null)) {
            if (file == null) {
                return lockFile.isHeldUnseen()
                        ? new Result.Refused("its lock file was removed while it runs")
                        : new Result.NotRunning();
            }
            int owner = file.status().owner();
            if (owner != Self.effectiveUser() && Self.effectiveUser() != ROOT) {
                return file.isHeld() ? new Result.Foreign(owner) : new Result.NotRunning();
            }
            try (ProvedHolder holder = HolderLookup.find(file, new HolderSearch(file))) {
                return holder == null ? new Result.NotRunning() : ask(file, holder);
            }
        }
    }

    private Result ask(OpenLockFile file, ProvedHolder holder) {
        Optional<LockRecord> record = holder.record();
        if (holder instanceof ProvedHolder.Orphan || record.isEmpty()) {
            return new Result.Refused("its launcher is gone, and only what it left still runs");
        }
        HolderContact contact = HolderContact.isElsewhere(holder)
                ? HolderContact.with(holder, file, wait).orElse(null)
                : HolderContact.withLauncher(record.get(), file, wait);
        if (contact == null || !contact.hasLauncher()) {
            return new Result.Refused("it runs without a launcher (--handoff exec, or a server that guards itself)");
        }
        for (PinnedProcess process : holder.proved()) {
            if (process.pid() == record.get().launcher().pid() && process.isStopped()) {
                return new Result.Stopped(process.pid());
            }
        }
        long deadline = System.nanoTime() + contact.patience().toNanos();
        while (contact.isStillThere()) {
            Result result = askOnce(contact);
            if (result != null) {
                return result;
            }
            if (System.nanoTime() >= deadline) {
                return new Result.Refused("its launcher does not answer at " + contact.socketPath());
            }
            wait.pause(RETRY_MILLIS);
        }
        return isSent ? new Result.Lost() : new Result.NotRunning();
    }

    /** Null when it may be tried again. */
    private @Nullable Result askOnce(HolderContact contact) {
        try (UnixStream stream = contact.connect().orElse(null)) {
            if (stream == null) {
                return null;
            }
            ControlCall call = contact.longCall(request, payload.length, Duration.ZERO);
            return stream.write(call.line()) ? converse(contact, new LongExchange(stream, wait, LONGEST_ANSWER)) : null;
        }
    }

    private @Nullable Result converse(HolderContact contact, LongExchange exchange) {
        while (exchange.await(Long.MAX_VALUE) && exchange.receive()) {
            for (byte[] line = exchange.line(); line != null; line = exchange.line()) {
                Optional<LongAnswer> answer = LongAnswer.parse(line);
                if (answer.isEmpty()
                        || !answer.get().instanceId().equals(contact.record().instanceId())) {
                    return hasBegun ? new Result.Lost() : null;
                }
                if (answer.get().isLast()) {
                    return last(line, answer.get());
                }
                if (!goOn(answer.get().progress(), exchange)) {
                    return null;
                }
            }
        }
        return hasBegun ? new Result.Lost() : null;
    }

    private boolean goOn(String progress, LongExchange exchange) {
        switch (progress) {
            case LongAnswer.Progress.SEND -> {
                boolean isWhole = exchange.send(payload, Long.MAX_VALUE);
                isSent |= isWhole;
                return isWhole;
            }
            case LongAnswer.Progress.QUEUED, LongAnswer.Progress.CHECKING -> {}
            default -> hasBegun = true;
        }
        return true;
    }

    private @Nullable Result last(byte[] line, LongAnswer answer) {
        Optional<RedeployReport> report = RedeployReport.parse(line);
        if (report.isPresent()) {
            return new Result.Reported(report.get());
        }
        if (answer.remedy().equals(LongAnswer.Refusal.AGAIN)) {
            isSent = false;
            return null;
        }
        boolean isOlder = answer.isOfOlderLauncher() || answer.error().startsWith("unknown request");
        return new Result.Refused(
                isOlder ? "its launcher is of an older version, which cannot redeploy" : answer.error());
    }
}
