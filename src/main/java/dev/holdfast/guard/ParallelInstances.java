package dev.holdfast.guard;

import dev.holdfast.command.Environment;
import dev.holdfast.lock.LockFileException;
import dev.holdfast.lock.UnsafeLockPathException;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockFilePreview;
import dev.holdfast.settings.DataLockVariables;
import dev.holdfast.settings.LockFileName;
import dev.holdfast.settings.NetworkPolicy;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Instances of one name that run side by side: each has a lock file of its own, {@code NAME.INSTANCE.lock}, with its
 * record in it, so that it is found, stopped and cleaned up like any other; and what they share is locked by themselves.
 *
 * <p>The instance's id is in the name, not its pid alone: in two containers with one lock folder the pids may be equal.
 */
public final class ParallelInstances {
    private final String folder;
    private final String prefix;
    private final NetworkPolicy network;
    private final Optional<String> dataLock;

    /**
     * The instances of a name.
     *
     * @param named the lock file that the name would have if there were one instance only
     * @param dataLock the path of the lock for their data; empty when they share nothing that is locked
     */
    public ParallelInstances(LockFile named, Optional<String> dataLock) {
        this.dataLock = dataLock;
        folder = named.directory();
        network = named.network();
        prefix = named.baseName() + ".";
    }

    /** The lock file of one instance, {@code NAME.INSTANCE.lock} in the same folder. */
    public LockFile own(String instanceId) {
        return new LockFile(folder, prefix + instanceId + LockFileName.SUFFIX, network);
    }

    /**
     * Whether an instance may run without a file of its own: nobody is kept out by it.
     *
     * @return false when they take turns for their data
     */
    boolean needsNoFile() {
        return dataLock.isEmpty();
    }

    /**
     * Refuses a lock for data where the server could not use it, as far as a look can tell: makes and changes nothing.
     *
     * @throws LockFileException if there is no such folder
     * @throws UnsafeLockPathException if it is on a network file system, and that is not allowed
     */
    public void requireUsable() {
        if (dataLock.isPresent()) {
            LockFilePreview preview =
                    new LockFilePreview(LockFile.at(dataLock.get()).with(network));
            preview.requireFolder();
            preview.requireLocalFolder();
        }
    }

    /**
     * The server's environment, with the lock for its data in it.
     *
     * @return the environment to start it with
     * @throws LockFileException if there is no such folder
     * @throws UnsafeLockPathException if it is on a network file system, and that is not allowed
     */
    public Environment tell(Environment environment) {
        if (dataLock.isEmpty()) {
            return environment.without(DataLockVariables.PATH); // of another server around this one
        }
        requireUsable();
        Environment told = environment.with(Map.of(DataLockVariables.PATH, dataLock.get()));
        // So that the server's library does not refuse what was allowed here.
        return network == NetworkPolicy.ALLOW ? told.with(Map.of(DataLockVariables.ALLOW_NETWORK, "true")) : told;
    }

    /** The files of instances that may have been killed: their names never come back, so no later start would remove them. */
    StaleFiles staleFiles() {
        String[] names = new File(folder).list((parent, name) -> isAnInstances(name));
        List<LockFile> files = new ArrayList<>();
        for (String name : names == null ? new String[0] : names) {
            files.add(new LockFile(folder, name, network));
        }
        return new StaleFiles(files);
    }

    /** Such as {@code orders.12345-a1b2c3d4.lock}. */
    private boolean isAnInstances(String name) {
        return name.startsWith(prefix)
                && name.substring(prefix.length()).matches("[0-9]{1,7}-[0-9a-f]{8}\\" + LockFileName.SUFFIX);
    }
}
