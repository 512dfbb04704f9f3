package dev.holdfast.registry;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileNames;
import dev.holdfast.posix.files.FileStatus;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Reads and judges the files of one folder once. */
final class InstanceListing {
    /** Nearly all are shorter. */
    private static final int FIRST_READ = 8192;
    /** How old a file is that somebody began to write and surely does not any more. */
    private static final long ABANDONED_SECONDS = 60;

    private final InstancesFolder folder;
    private final int owner;
    private final boolean isReadOnly;
    private final Liveness liveness = new Liveness();
    private final List<InstanceEntry.Known> known = new ArrayList<>();
    private final List<InstanceEntry> others = new ArrayList<>();

    /**
     * A listing that has read nothing yet.
     *
     * @param owner whose files are read
     * @param isReadOnly whether nothing is moved or removed
     */
    InstanceListing(InstancesFolder folder, int owner, boolean isReadOnly) {
        this.folder = folder;
        this.owner = owner;
        this.isReadOnly = isReadOnly;
    }

    List<InstanceEntry> entries() {
        String[] names = new File(folder.itself()).list();
        if (names == null) {
            throw new RegistryException("the folder \"" + folder.path() + "\" cannot be looked into");
        }
        for (String name : names) {
            if (InstancesFolder.isInstances(name)) {
                read(name);
            } else if (InstancesFolder.isFresh(name) && !isReadOnly) {
                removeIfAbandoned(name);
            }
        }
        known.sort(Comparator.comparing(
                        (InstanceEntry.Known entry) -> entry.record().name())
                .thenComparing(entry -> entry.record().lock().startTime())
                .thenComparing(entry -> entry.record().instanceId()));
        others.sort(Comparator.comparing(InstanceEntry::path));
        List<InstanceEntry> all = new ArrayList<>(known);
        all.addAll(others);
        return all;
    }

    /** One of them. */
    Optional<InstanceEntry> entry(String name) {
        read(name);
        if (!known.isEmpty()) {
            return Optional.of(known.get(0));
        }
        return others.isEmpty() ? Optional.empty() : Optional.of(others.get(0));
    }

    private void read(String name) {
        int fd = FileDescriptors.openUntrusted(folder.inside(name));
        if (fd == -Errno.ENOENT) {
            return; // ended meanwhile
        }
        if (fd < 0) {
            cannotOpen(name, -fd);
            return;
        }
        try {
            read(name, fd, FileStatus.ofDescriptor(fd));
        } finally {
            FileDescriptors.close(fd);
        }
    }

    private void read(String name, int fd, FileStatus status) {
        if (status.owner() != owner) {
            others.add(new InstanceEntry.Foreign(path(name), status.owner()));
        } else if (!status.isRegular()) {
            corrupt(name, "it is a " + status.kind() + ", not a regular file", status);
        } else {
            try {
                judge(name, contents(fd), status);
            } catch (PosixException e) {
                corrupt(name, "it cannot be read: " + Errno.describe(e.errno()), status);
            }
        }
    }

    private void cannotOpen(String name, int errno) {
        Optional<FileStatus> status = FileStatus.ofName(folder.inside(name));
        if (status.isEmpty()) {
            return;
        }
        if (status.get().owner() != owner) {
            others.add(new InstanceEntry.Foreign(path(name), status.get().owner()));
        } else {
            corrupt(
                    name,
                    status.get().isRegular()
                            ? "it cannot be opened: " + Errno.describe(errno)
                            : "it is a " + status.get().kind() + ", not a regular file",
                    status.get());
        }
    }

    /** One more byte than there may be tells a file that is too long. */
    private static byte[] contents(int fd) {
        byte[] first = FileDescriptors.read(fd, FIRST_READ);
        if (first.length < FIRST_READ) {
            return first;
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] next = first; next.length > 0 && all.size() <= InstanceRecordFormat.MOST_BYTES; ) {
            all.write(next, 0, next.length);
            next = FileDescriptors.read(fd, FIRST_READ);
        }
        return all.toByteArray();
    }

    private void judge(String name, byte[] contents, FileStatus status) {
        Optional<InstanceRecord> record =
                contents.length <= InstanceRecordFormat.MOST_BYTES ? InstanceRecord.parse(contents) : Optional.empty();
        if (record.isEmpty()) {
            corrupt(name, contents.length == 0 ? "it is empty" : "it is no record of an instance", status);
        } else if (!name.equals(InstancesFolder.fileName(record.get().instanceId()))) {
            corrupt(name, "it has another instance's name", status);
        } else {
            judge(record.get(), path(name));
        }
    }

    private void judge(InstanceRecord record, String path) {
        switch (liveness.of(record)) {
            case ALIVE -> known.add(new InstanceEntry.Active(record, path, owner));
            case ORPHANED -> known.add(new InstanceEntry.Orphaned(record, path, owner));
            case ELSEWHERE -> known.add(new InstanceEntry.Elsewhere(record, path, owner));
            case GONE -> {
                if (!record.isAfterExec()) {
                    known.add(new InstanceEntry.Stale(record, path, owner));
                } else if (!isReadOnly && folder.remove(record.instanceId())) {
                    UnseenLife.append(record);
                }
            }
        }
    }

    private void corrupt(String name, String reason, FileStatus read) {
        String moved = isReadOnly ? "" : new CorruptFiles(folder, owner).moveAside(name, read);
        others.add(new InstanceEntry.Corrupt(path(name), moved.isEmpty() ? "" : path(moved), reason));
    }

    private void removeIfAbandoned(String name) {
        Optional<FileStatus> status = FileStatus.ofName(folder.inside(name));
        if (status.isPresent()
                && status.get().owner() == owner
                && status.get().modifiedSeconds() < System.currentTimeMillis() / 1000 - ABANDONED_SECONDS) {
            FileNames.unlink(folder.inside(name));
        }
    }

    private String path(String name) {
        return folder.path() + "/" + name;
    }
}
