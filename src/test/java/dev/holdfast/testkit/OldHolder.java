package dev.holdfast.testkit;

import dev.holdfast.lock.file.HeldLock;
import dev.holdfast.lock.file.LockAttempt;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.Steps;
import dev.holdfast.posix.files.PositionedAccess;
import dev.holdfast.posix.processes.ProcFs;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.process.ProcessIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A holder as version 1.0.0 was one: the two locks and the interlock, a record without the keys that came later, and no
 * second name. Ends at a TERM, and removes its file.
 */
public final class OldHolder {
    private static final int BLOCK_SIZE = 1024;

    private OldHolder() {}

    /** Starts one and waits until it holds. */
    public static Child start(Path lockFile) {
        Child child = Child.start(new ProcessBuilder(LockChild.command(OldHolder.class, lockFile.toString())));
        child.awaitServer();
        return child;
    }

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws IOException, InterruptedException {
        LockFile location = LockFile.at(arguments[0]);
        HeldLock lock = ((LockAttempt.Acquired) location.tryAcquire()).lock();
        Files.delete(Path.of(location.directory(), "." + location.fileName() + ".held"));
        lock.write(new LockRecord(
                "orders",
                ProcessIdentity.ofSelf(),
                Self.pid() + "-0123abcd",
                Optional.empty(),
                0,
                "stdio",
                new LockRecord.Care(Optional.empty(), false),
                "0",
                LockRecord.State.RUNNING,
                "",
                Self.ticksSinceBoot(),
                "2026-11-21T09:14:03.875Z",
                5000,
                ProcFs.bootId(),
                ProcFs.pidNamespace(Self.pid()).orElse(0),
                Self.hostName(),
                -1,
                "1.0.0"));
        String block = Files.readString(Path.of(arguments[0])).replace("\"watched\":false,", "");
        byte[] padded = (block.trim() + " ".repeat(BLOCK_SIZE))
                .substring(0, BLOCK_SIZE - 1)
                .concat("\n")
                .getBytes(StandardCharsets.US_ASCII);
        PositionedAccess.writeAtStart(lock.descriptor(), padded);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> lock.release(Steps.NONE)));
        System.out.println("ready " + Self.pid());
        Thread.currentThread().join();
    }
}
