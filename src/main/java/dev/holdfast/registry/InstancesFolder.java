package dev.holdfast.registry;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileNames;
import dev.holdfast.posix.files.FileSearch;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.processes.Self;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The registry's folder, open. All names are looked up in the very folder that was opened and checked, so nobody can put
 * another one into its place meanwhile. May block as the file system does. Not safe for use by many threads.
 */
public final class InstancesFolder implements AutoCloseable {
    private static final String PREFIX = "server_";
    private static final String SUFFIX = ".json";
    /** Of a file that is being written. */
    private static final String FRESH = ".new";

    private static final int ROOT = 0;
    private static final int OTHERS_WRITE = 02;
    private static final int STICKY = 01000;

    private final String path;
    private final int fd;
    private final boolean isShared;

    private InstancesFolder(String path, int fd, boolean isShared) {
        this.path = path;
        this.fd = fd;
        this.isShared = isShared;
    }

    /**
     * Opens it, and makes it where it is missing, for its owner alone; and the one above it, if that alone is missing, too.
     *
     * @param path absolute
     * @throws RegistryException if it cannot be made or used
     */
    public static InstancesFolder make(String path) {
        int fd = descriptor(path);
        if (fd == -Errno.ENOENT) { // nearly always it is there, and a call less is made before an exec
            makeFolder(path);
            fd = descriptor(path);
        }
        return checked(path, fd, Self.effectiveUser());
    }

    private static void makeFolder(String path) {
        int errno = FileNames.makeFolder(path);
        int slash = path.lastIndexOf('/');
        if (errno == Errno.ENOENT && slash > 0) {
            var unused = FileNames.makeFolder(path.substring(0, slash));
            errno = FileNames.makeFolder(path);
        }
        if (errno != 0 && errno != Errno.EEXIST) {
            throw new RegistryException("cannot make the folder \"" + path + "\": " + Errno.describe(errno));
        }
    }

    /**
     * Opens it.
     *
     * @param path absolute
     * @throws RegistryException if it is not there, or others could change the files in it
     */
    public static InstancesFolder open(String path) {
        return open(path, Self.effectiveUser());
    }

    /**
     * Opens another user's, which root may.
     *
     * @param path absolute
     * @param owner whose it must be
     * @throws RegistryException if it is not there, is somebody else's, or others could change the files in it
     */
    public static InstancesFolder open(String path, int owner) {
        return checked(path, descriptor(path), owner);
    }

    private static int descriptor(String path) {
        return FileDescriptors.open(path, FileDescriptors.O_PATH | FileDescriptors.O_NOFOLLOW, 0);
    }

    private static InstancesFolder checked(String path, int fd, int owner) {
        if (fd < 0) {
            throw new RegistryException("cannot open the folder \"" + path + "\": " + Errno.describe(-fd));
        }
        FileStatus status = FileStatus.ofDescriptor(fd);
        boolean isOpenToAll = (status.permissions() & OTHERS_WRITE) != 0;
        boolean isShared = isOpenToAll && (status.permissions() & STICKY) != 0;
        String problem = "";
        if (!status.isDirectory()) {
            problem = "is a " + status.kind() + ", not a directory";
        } else if (isOpenToAll && !isShared) {
            problem = "is writable by all and not sticky";
        } else if (!isShared && status.owner() != owner && status.owner() != ROOT) {
            problem = "belongs to another user (uid " + Integer.toUnsignedString(status.owner()) + ")";
        }
        if (!problem.isEmpty()) {
            FileDescriptors.close(fd);
            throw new RegistryException("the folder \"" + path + "\" " + problem);
        }
        return new InstancesFolder(path, fd, isShared);
    }

    /** Its path. */
    public String path() {
        return path;
    }

    /** Whether several users have files in it, as in {@code /tmp}. */
    public boolean isShared() {
        return isShared;
    }

    /** The path of an instance's file. */
    public String pathOf(String instanceId) {
        return path + "/" + fileName(instanceId);
    }

    static String fileName(String instanceId) {
        return PREFIX + instanceId + SUFFIX;
    }

    /** Whether a file is, by its name, one of an instance. */
    static boolean isInstances(String name) {
        return name.startsWith(PREFIX) && name.endsWith(SUFFIX);
    }

    /** Whether a file is, by its name, one that was being written. */
    static boolean isFresh(String name) {
        return name.startsWith("." + PREFIX) && name.endsWith(SUFFIX + FRESH);
    }

    /** What reaches a file of this very folder. */
    String inside(String name) {
        return "/proc/self/fd/" + fd + "/" + name;
    }

    /** What reaches this very folder, to list it. */
    String itself() {
        return "/proc/self/fd/" + fd;
    }

    /**
     * Writes an instance's file, in place of the one that it may have: whoever reads sees the old or the new one. For
     * the instance itself alone.
     *
     * @throws RegistryException if it cannot be written; what was there stays
     */
    public void write(InstanceRecord record) {
        String name = fileName(record.instanceId());
        int errno = FileNames.replace(inside("." + name + FRESH), inside(name), record.bytes());
        if (errno != 0) {
            throw cannotWrite(name, errno);
        }
    }

    private RegistryException cannotWrite(String name, int errno) {
        return new RegistryException("cannot write \"" + path + "/" + name + "\": " + Errno.describe(errno));
    }

    /**
     * Removes an instance's file, if it is there: for the instance itself, and for whoever has found it stale. An
     * instance's id never comes back, so the file cannot be another one's.
     *
     * @return whether it was there and is gone now
     */
    public boolean remove(String instanceId) {
        return FileNames.unlink(inside(fileName(instanceId))) == 0;
    }

    /**
     * Reads all files of this user, and judges them. What is no record is moved into a folder {@code corrupt} beside them;
     * what was left by a server after {@code --handoff exec}, which nobody could remove at its end, is removed.
     *
     * @return an entry for each file, by name and age of the instance; corrupt and foreign ones after them
     */
    public List<InstanceEntry> list() {
        return new InstanceListing(this, Self.effectiveUser(), false).entries();
    }

    /**
     * Reads all files of another user, which root may. Changes nothing.
     *
     * @param owner whose; the others are foreign
     * @return as {@link #list} does
     */
    public List<InstanceEntry> listOf(int owner) {
        return new InstanceListing(this, owner, true).entries();
    }

    /**
     * The names of the files that other instances have. None of them is read.
     *
     * @param instanceId whose is left out
     * @throws RegistryException if the folder cannot be looked into
     */
    public List<String> others(String instanceId) {
        String[] names = new File(itself()).list();
        if (names == null) {
            throw new RegistryException("the folder \"" + path + "\" cannot be looked into");
        }
        List<String> others = new ArrayList<>();
        for (String name : names) {
            if (isInstances(name) && !name.equals(fileName(instanceId))) {
                others.add(name);
            }
        }
        return others;
    }

    /**
     * Reads one file of this user, and judges it. Changes nothing.
     *
     * @param name the file's
     * @return empty when it is not there any more
     */
    public Optional<InstanceEntry> look(String name) {
        return new InstanceListing(this, Self.effectiveUser(), true).entry(name);
    }

    /**
     * Reads the file of one instance of this user, and judges it. Changes nothing.
     *
     * @return empty when it is not there
     */
    public Optional<InstanceEntry> find(String instanceId) {
        return look(fileName(instanceId));
    }

    /**
     * Whether one file of this user may have one of the texts that are sought. Only a search: the file is not judged.
     *
     * @param name the file's
     * @return false also when it is not there, or another user's
     */
    public boolean mayHave(String name, FileSearch sought) {
        return sought.mayBeIn(inside(name), Self.effectiveUser());
    }

    @Override
    public void close() {
        FileDescriptors.close(fd);
    }
}
