package dev.holdfast;

import dev.holdfast.embed.EmbeddedRegistration;
import dev.holdfast.embed.EmbeddedStart;
import dev.holdfast.instance.ObstacleText;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockRecord;
import java.util.function.Function;

/**
 * What came of a start, as the caller of the library is told: a lock, or an exception.
 *
 * @param name the instance
 * @param file where its lock is
 */
record StartResult(String name, LockFile file) {
    /**
     * The lock.
     *
     * @param registration makes what keeps the instance in the registry, by the path of its lock file
     * @throws dev.holdfast.error.HoldfastException as {@link HoldfastBuilder#acquire} has it, when there is none
     */
    Ownership ownership(EmbeddedStart.Result result, Function<String, EmbeddedRegistration> registration) {
        if (result instanceof EmbeddedStart.Result.Held held) {
            return new OwnLock(held.tenure(), held.record(), held.control(), registration.apply(file.path()));
        }
        if (result instanceof EmbeddedStart.Result.Joined joined) {
            Log.info("\"" + name + "\" is guarded already: this process is the server of launcher pid="
                    + joined.record().launcher().pid() + " file=" + file.path());
            return new JoinedLock(file, joined.record());
        }
        if (result instanceof EmbeddedStart.Result.Refused refused) {
            throw new AlreadyRunningException(
                    name,
                    file.path(),
                    Holder.of(refused.refusal().incumbent()),
                    ObstacleText.reason(refused.refusal()));
        }
        if (result instanceof EmbeddedStart.Result.Activated activated) {
            throw new ActivatedException(name, file.path(), activated.code());
        }
        if (result instanceof EmbeddedStart.Result.Inside inside) {
            LockRecord record = inside.record();
            throw new AlreadyRunningException(
                    name,
                    file.path(),
                    Holder.of(record),
                    "this process descends from it: \"holdfast run\" (pid "
                            + record.launcher().pid() + ") guards "
                            + record.server()
                                    .map(server -> "pid " + server.pid())
                                    .orElse("another process")
                            + " as its server; a script that starts the server must exec it");
        }
        if (result instanceof EmbeddedStart.Result.Twice) {
            throw new AlreadyAcquiredException(name, file.path(), ", by another copy of the library");
        }
        throw new AcquireInterruptedException(name, file.path());
    }
}
