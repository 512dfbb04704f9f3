package dev.holdfast.commands.explain;

import dev.holdfast.advisory.SharedLayers;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.posix.files.NetworkFileSystem;
import dev.holdfast.process.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which of Holdfast's promises are weaker on this system than on others, and why. */
public final class WeakerPromises {
    private final LockFile lockFile;
    private final boolean signalsWereBlocked;

    /**
     * Looks at the system.
     *
     * @param signalsWereBlocked whether bin/holdfast could block the signals
     */
    public WeakerPromises(LockFile lockFile, boolean signalsWereBlocked) {
        this.lockFile = lockFile;
        this.signalsWereBlocked = signalsWereBlocked;
    }

    /** The promises that are weaker, and why; empty when all hold. */
    public Map<String, String> weaker() {
        Map<String, String> weaker = new LinkedHashMap<>();
        if (lockFile.isFolderOpenToAll()) {
            weaker.put(
                    "One holder",
                    "the lock folder is writable by all and not sticky, so anybody can replace the lock file; chmod +t "
                            + lockFile.directory());
        }
        String network = NetworkFileSystem.of(lockFile.directory());
        if (!network.isEmpty()) {
            weaker.put(
                    "One holder, whatever dies when",
                    "the lock folder is on a network file system (" + network
                            + "), which may grant a lock twice or none; use --lock-dir on a local one");
        }
        SharedLayers.of(lockFile.directory())
                .ifPresent(other -> weaker.put("One holder, in all mounts", SharedLayers.text(other)));
        if (ProcessIdentity.ofSelf().uniqueId() == 0) {
            weaker.put(
                    "No innocent killed",
                    "this kernel has no ids of processes (before Linux 6.9), so they are told apart by pid and start");
        }
        if (!signalsWereBlocked) {
            weaker.put(
                    "No lost signal",
                    "env cannot block signals here, so the launcher starts its JVM once more; a signal before that"
                            + " ends a launcher that has started nothing");
        }
        if (isBash("/bin/sh")) {
            weaker.put(
                    "No lost signal in the first milliseconds",
                    "/bin/sh is bash, which itself ignores a QUIT before it has become the JVM");
        }
        return weaker;
    }

    private static boolean isBash(String shell) {
        try {
            return Path.of(shell).toRealPath().endsWith("bash");
        } catch (IOException e) {
            return false; // it cannot be told
        }
    }
}
