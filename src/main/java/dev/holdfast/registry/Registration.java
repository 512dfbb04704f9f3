package dev.holdfast.registry;

import dev.holdfast.command.Environment;
import dev.holdfast.config.InstancesPlace;
import dev.holdfast.journal.Journal;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.files.NetworkFileSystem;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.settings.InstanceProfile;
import dev.holdfast.settings.TrackingSettings;
import dev.holdfast.text.Timestamps;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * This process's own file in the registry. None of its methods throws: an instance does not depend on its file. Where it
 * cannot be written, that is told once; as a warning when the user has said the folder. Waits as the file system does. Not
 * safe for use by many threads.
 */
public final class Registration {
    private final TrackingSettings settings;
    private final String lockFile;
    private final Journal journal;
    private final Optional<InstancesPlace> place;
    private final String machine = Machine.id();
    private List<DataDirectory> directories = List.of();
    private Configuration configuration = Configuration.UNKNOWN;
    private InstanceCounters counters = InstanceCounters.NONE;
    private boolean told;
    /** What the file says; null when there is none. */
    private @Nullable InstanceRecord written;

    /**
     * Nothing is written yet.
     *
     * @param lockFile the path of the instance's lock file; empty when it has none
     * @param journal is told what cannot be done
     */
    public Registration(TrackingSettings settings, String lockFile, Journal journal) {
        this.settings = settings;
        this.lockFile = lockFile;
        this.journal = journal;
        // No method reference here, and no lambda below: the launcher's first one would load a hundred classes.
        place = InstancesPlace.of(Environment.ofThisProcess(), Self.workingDirectory(), Self.effectiveUser());
    }

    /** The folder that the file is in; empty when the user has no home, and none was said. */
    private Optional<String> folder() {
        return settings.folder().isPresent() || place.isEmpty()
                ? settings.folder()
                : Optional.of(place.get().instances());
    }

    /**
     * Makes the digests of what the instance is made of.
     *
     * @param command as it was found
     * @param arguments those of the command
     * @param version as it was said
     * @param environment what the server was started with
     */
    public void describe(String command, List<byte[]> arguments, String version, List<byte[]> environment) {
        try {
            make(command, arguments, version, environment);
        } catch (PosixException e) {
            tell("its configuration is not known: " + e.getMessage());
        }
    }

    private void make(String command, List<byte[]> arguments, String version, List<byte[]> environment) {
        InstanceProfile profile = settings.profile();
        locate();
        Optional<ConfigurationKey> key = place.isEmpty()
                ? Optional.empty()
                : ConfigurationKey.readOrMake(place.get().ownFolder());
        if (key.isEmpty()) {
            return;
        }
        ConfigurationMaker maker = new ConfigurationMaker(key.get());
        maker.addCommand(command.getBytes(StandardCharsets.UTF_8), arguments, version);
        maker.addVariables(environment, profile.configVariables(), profile.minorVariables());
        for (String file : profile.configFiles()) {
            maker.addFile(file);
        }
        configuration = maker.make();
    }

    /** Finds the folders of the instance's data, without the rest that {@link #describe} does. */
    public void locate() {
        List<DataDirectory> found = new ArrayList<>();
        for (String directory : settings.profile().directories()) {
            found.add(DataDirectory.of(directory));
        }
        directories = found;
    }

    /** Whether the file is, or would be, on a network file system: to be asked while that answers. */
    public boolean isRemote() {
        Optional<String> path = folder();
        return path.isPresent() && !NetworkFileSystem.ofNearest(path.get()).isEmpty();
    }

    /** Says what has happened so far. */
    public void count(InstanceCounters counted) {
        counters = counted;
    }

    /** Writes the file, and makes the folder where it is missing. */
    public void write(LockRecord record) {
        write(record, Math.max(1, settings.heartbeat().toSeconds()));
    }

    /**
     * The same with another heartbeat.
     *
     * @param heartbeatSeconds how often it is written again; 0 for never
     */
    public void write(LockRecord record, long heartbeatSeconds) {
        Optional<String> path = folder();
        if (path.isEmpty()) {
            tell("there is no home folder");
            return;
        }
        try (InstancesFolder folder = InstancesFolder.make(path.get())) {
            InstanceRecord whole = record(record, heartbeatSeconds);
            folder.write(whole);
            written = whole;
        } catch (RegistryException | PosixException e) {
            tell(String.valueOf(e.getMessage()));
        }
    }

    /** What the file says; empty when there is none. */
    public Optional<InstanceRecord> written() {
        return Optional.ofNullable(written);
    }

    /**
     * The folder that the file is in.
     *
     * @throws RegistryException if there is none, or it cannot be used
     */
    public InstancesFolder open() {
        return InstancesFolder.open(folder().orElse("/"));
    }

    private InstanceRecord record(LockRecord record, long heartbeatSeconds) {
        InstanceProfile profile = settings.profile();
        return new InstanceRecord(
                record,
                lockFile,
                new InstanceFacts(profile.description(), profile.address(), profile.port(), directories),
                configuration,
                Timestamps.iso(System.currentTimeMillis()),
                heartbeatSeconds,
                counters,
                machine);
    }

    /** An earlier one, as on a file system that has become read-only. */
    private boolean isThere() {
        InstanceRecord earlier = written;
        Optional<String> path = folder();
        return earlier != null
                && path.isPresent()
                && FileStatus.ofName(path.get() + "/" + InstancesFolder.fileName(earlier.instanceId()))
                        .isPresent();
    }

    private void tell(String obstacle) {
        if (told) {
            return;
        }
        told = true;
        String text = (isThere()
                        ? "its file in the registry is not brought up to date: "
                        : "this instance is not in the registry, so ps does not show it: ")
                + obstacle;
        if (settings.folder().isPresent()) {
            journal.warn(text);
        } else {
            journal.debug(text);
        }
    }

    /** Removes the file, if it was written. */
    public void end() {
        Optional<String> path = folder();
        InstanceRecord left = written;
        if (left == null || path.isEmpty()) {
            return;
        }
        try (InstancesFolder folder = InstancesFolder.open(path.get())) {
            var unused = folder.remove(left.instanceId());
        } catch (RegistryException | PosixException e) {
            journal.debug("cannot remove this instance's file from the registry: " + e.getMessage());
        }
        written = null;
    }
}
