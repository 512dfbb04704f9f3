package dev.holdfast.registry;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileNames;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.text.Sha256;
import java.util.Optional;

/**
 * A user's own key for the digests of configurations: {@code config.key} in Holdfast's own folder, 32 random bytes, mode
 * 0600. Made when it is first needed. Whoever deletes it makes what was written under it incomparable, and nothing else.
 */
public final class ConfigurationKey {
    private static final int BYTES = 32;
    private static final int ID_BYTES = 4;
    private static final int OF_OTHERS = 077;
    private final byte[] key;

    ConfigurationKey(byte[] key) {
        this.key = key.clone();
    }

    /**
     * The key that there is.
     *
     * @param ownFolder Holdfast's own folder
     * @return empty when there is none, or when it is another user's, or others may read it
     */
    public static Optional<ConfigurationKey> read(String ownFolder) {
        int fd = FileDescriptors.openUntrusted(path(ownFolder));
        if (fd < 0) {
            return Optional.empty();
        }
        try {
            FileStatus status = FileStatus.ofDescriptor(fd);
            boolean isOurs = status.isRegular()
                    && status.owner() == Self.effectiveUser()
                    && (status.permissions() & OF_OTHERS) == 0;
            byte[] bytes = isOurs ? FileDescriptors.read(fd, BYTES + 1) : new byte[0];
            return bytes.length == BYTES ? Optional.of(new ConfigurationKey(bytes)) : Optional.empty();
        } catch (PosixException e) {
            return Optional.empty();
        } finally {
            FileDescriptors.close(fd);
        }
    }

    /**
     * The key; makes it, and the folder, where there is none. Of two that make it at once both get the same.
     *
     * @param ownFolder Holdfast's own folder
     * @return empty when it cannot be made, or what is there is no key
     */
    public static Optional<ConfigurationKey> readOrMake(String ownFolder) {
        Optional<ConfigurationKey> there = read(ownFolder);
        if (there.isPresent() || FileStatus.ofName(path(ownFolder)).isPresent()) {
            return there;
        }
        var unusedFolder = FileNames.makeFolder(ownFolder);
        String fresh = path(ownFolder) + "." + Self.pid();
        byte[] made;
        try {
            made = Self.randomSecret(BYTES);
        } catch (PosixException e) {
            return Optional.empty(); // one that can be guessed would be none
        }
        if (FileNames.make(fresh, made) != 0) {
            return Optional.empty();
        }
        int errno = FileNames.link(fresh, path(ownFolder));
        if (errno != 0 && errno != Errno.EEXIST) {
            var unusedName = FileNames.rename(fresh, path(ownFolder)); // there are no hard links
        }
        FileNames.unlink(fresh);
        return read(ownFolder);
    }

    private static String path(String ownFolder) {
        return ownFolder + "/config.key";
    }

    /** Tells one key from another, and says nothing about it. */
    String id() {
        return Sha256.hex(Sha256.mac(key, new byte[0]), ID_BYTES);
    }

    byte[] mac(byte[] bytes) {
        return Sha256.mac(key, bytes);
    }
}
