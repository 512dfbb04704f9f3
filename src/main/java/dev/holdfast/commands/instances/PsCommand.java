package dev.holdfast.commands.instances;

import dev.holdfast.command.Environment;
import dev.holdfast.commands.OtherCommands;
import dev.holdfast.config.CommandArguments;
import dev.holdfast.config.CommandOption;
import dev.holdfast.config.LockPlace;
import dev.holdfast.config.PsOption;
import dev.holdfast.config.RunArguments;
import dev.holdfast.config.RunOption;
import dev.holdfast.config.SettingsException;
import dev.holdfast.config.TrackingPlace;
import dev.holdfast.console.Console;
import dev.holdfast.console.ExitCode;
import dev.holdfast.instance.Inspection;
import dev.holdfast.lock.LockFileException;
import dev.holdfast.lock.UnsafeLockPathException;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.OpenLockFile;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.files.Terminal;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.registry.Configuration;
import dev.holdfast.registry.InstanceCounters;
import dev.holdfast.registry.InstanceEntry;
import dev.holdfast.registry.InstanceFacts;
import dev.holdfast.registry.InstanceRecord;
import dev.holdfast.registry.InstancesFolder;
import dev.holdfast.registry.RegistryException;
import dev.holdfast.settings.HandOff;
import dev.holdfast.settings.LockFileName;
import dev.holdfast.text.Printable;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/** {@code holdfast ps}: all instances, by their files in the registry. */
public final class PsCommand implements OtherCommands.Command {
    private static final int STDOUT = 1;
    private static final int WIDTH = 80;
    private static final int HOME_FIELD = 5;
    private static final int USER_FIELD = 2;

    private final Environment environment = Environment.ofThisProcess();
    private final InstanceUsers users = new InstanceUsers();
    private final List<InstanceEntry.Known> found = new ArrayList<>();

    @Override
    public int execute(List<String> words) {
        CommandArguments arguments = CommandArguments.withName(CommandOption.of("ps"), words);
        List<String> problems = new ArrayList<>();
        if (!arguments.name().isEmpty()) {
            problems.add("ps takes no NAME; see status NAME");
        }
        boolean isAll = arguments.has(PsOption.ALL);
        if (isAll && Self.effectiveUser() != 0) {
            problems.add("--all needs root");
        }
        String sort = arguments.has(PsOption.SORT) ? arguments.value(PsOption.SORT) : "name";
        if (!List.of(PsOption.SORT.placeholder().split("\\|")).contains(sort)) {
            problems.add("--sort \"" + Printable.text(sort) + "\" must be one of "
                    + PsOption.SORT.placeholder().replace("|", ", "));
        }
        String folder = folder(arguments);
        if (folder.isEmpty()) {
            problems.add("there is no home folder; say where the registry is by --tracking-dir, or HOLDFAST_HOME");
        }
        if (!problems.isEmpty()) {
            throw new SettingsException(problems, false);
        }
        if (arguments.has(PsOption.WATCH)) {
            new PsWatch(() -> list(arguments, folder, sort)).run();
            return ExitCode.OK.number();
        }
        Console.result(list(arguments, folder, sort).text());
        return ExitCode.OK.number();
    }

    /**
     * What is printed.
     *
     * @param essence changes when something has happened, and not as time goes by
     */
    record Listing(String text, String essence) {}

    private Listing list(CommandArguments arguments, String folder, String sort) {
        found.clear();
        addAll(folder, Self.effectiveUser());
        if (arguments.has(PsOption.ALL)) {
            addOthers(folder);
        }
        if (arguments.has(RunOption.LOCK_DIR)) {
            addLocks(absolute(arguments.value(RunOption.LOCK_DIR)), false);
        } else {
            addLocks(usualLockFolder(), true);
        }
        List<PsRow> rows = rows();
        rows.sort(order(sort));
        StringBuilder essence = new StringBuilder();
        for (PsRow row : rows) {
            essence.append(row.instance().instanceId())
                    .append(' ')
                    .append(row.state())
                    .append(' ')
                    .append(row.pid())
                    .append(' ')
                    .append(row.instance().counters().restarts())
                    .append('\n');
        }
        return new Listing(text(rows, arguments.has(PsOption.JSON), folder), essence.toString());
    }

    private String folder(CommandArguments arguments) {
        return TrackingPlace.of(
                        new RunArguments(arguments.ofRun(), 0),
                        environment,
                        Self.workingDirectory(),
                        Self.effectiveUser())
                .folder()
                .orElse("");
    }

    private static String absolute(String path) {
        return LockPlace.absolute(path, Self.workingDirectory());
    }

    /** A folder that is not there has no instances. */
    private void addAll(String path, int owner) {
        if (FileStatus.ofName(path).isEmpty()) {
            return;
        }
        boolean isOwn = owner == Self.effectiveUser();
        try (InstancesFolder folder = InstancesFolder.open(path, owner)) {
            for (InstanceEntry entry : isOwn ? folder.list() : folder.listOf(owner)) {
                if (entry instanceof InstanceEntry.Known known) {
                    found.add(known);
                } else if (entry instanceof InstanceEntry.Corrupt corrupt) {
                    tell(corrupt);
                }
            }
        } catch (RegistryException e) {
            Console.complain(String.valueOf(e.getMessage()));
        }
    }

    private static void tell(InstanceEntry.Corrupt corrupt) {
        String moved =
                corrupt.movedTo().isEmpty() ? "" : "; it was moved to \"" + Printable.line(corrupt.movedTo()) + "\"";
        Console.complain("\"" + Printable.line(corrupt.path()) + "\" is not shown: " + corrupt.reason() + moved);
    }

    /** In the users' own folders, and in the shared one. */
    private void addOthers(String shared) {
        byte[] users = FileDescriptors.contentsOf("/etc/passwd");
        Set<Integer> seen = new HashSet<>(List.of(Self.effectiveUser()));
        for (String line : users == null ? new String[0] : new String(users, StandardCharsets.UTF_8).split("\n")) {
            String[] fields = line.split(":", -1);
            if (fields.length > HOME_FIELD && fields[USER_FIELD].matches("[0-9]{1,9}")) {
                int user = Integer.parseInt(fields[USER_FIELD]);
                String folder = fields[HOME_FIELD] + "/.holdfast/instances";
                if (seen.add(user)) {
                    if (!folder.equals(shared)) {
                        addAll(folder, user);
                    }
                    addShared(shared, user);
                }
            }
        }
    }

    private void addShared(String path, int user) {
        if (FileStatus.ofName(path).isPresent()) {
            try (InstancesFolder folder = InstancesFolder.open(path)) {
                if (!folder.isShared()) {
                    return;
                }
                for (InstanceEntry entry : folder.listOf(user)) {
                    if (entry instanceof InstanceEntry.Known known) {
                        found.add(known);
                    }
                }
            } catch (RegistryException e) {
                Console.complain(String.valueOf(e.getMessage()));
            }
        }
    }

    private String usualLockFolder() {
        LockPlace place = LockPlace.of(
                new RunArguments(Map.of(), 0), environment, "", Self.workingDirectory(), Self.effectiveUser());
        return absolute(place.folder());
    }

    /**
     * Held locks of which no file of the registry tells.
     *
     * @param isOwnWithoutLauncher whether only those count that could not register, since they have no launcher
     */
    private void addLocks(String folder, boolean isOwnWithoutLauncher) {
        Set<String> known = new HashSet<>();
        Set<String> paths = new HashSet<>();
        for (InstanceEntry.Known entry : found) {
            known.add(entry.record().instanceId());
            paths.add(entry.record().lockFile());
        }
        String[] names = new File(folder).list();
        for (String name : names == null ? new String[0] : names) {
            LockFile file = new LockFile(folder, name);
            if (name.endsWith(LockFileName.SUFFIX)
                    && Printable.isAscii(name)
                    && !paths.contains(file.path())
                    && (!isOwnWithoutLauncher || isOwnWithoutLauncher(file))) {
                addLock(file, known);
            }
        }
    }

    private static boolean isOwnWithoutLauncher(LockFile file) {
        boolean isOwn = FileStatus.ofName(file.path())
                .filter(status -> status.isRegular() && status.owner() == Self.effectiveUser())
                .isPresent();
        if (!isOwn) {
            return false;
        }
        try (OpenLockFile open = file.look().orElse(null)) {
            return open != null && open.record().filter(PsCommand::isAfterExec).isPresent();
        } catch (LockFileException | UnsafeLockPathException e) {
            return false;
        }
    }

    private static boolean isAfterExec(LockRecord record) {
        return record.care().handOff().filter(way -> way == HandOff.EXEC).isPresent();
    }

    private void addLock(LockFile file, Set<String> known) {
        try {
            Inspection inspection = Inspection.of(file);
            boolean isLive = inspection.verdict() == Inspection.Verdict.RUNNING
                    || inspection.verdict() == Inspection.Verdict.ORPHANED;
            if (isLive
                    && inspection.record().isPresent()
                    && known.add(inspection.record().get().instanceId())) {
                InstanceRecord record = new InstanceRecord(
                        inspection.record().get(),
                        file.path(),
                        InstanceFacts.NONE,
                        Configuration.UNKNOWN,
                        inspection.record().get().startTime(),
                        isAfterExec(inspection.record().get()) ? 0 : 1,
                        InstanceCounters.NONE);
                int owner =
                        FileStatus.ofName(file.path()).map(FileStatus::owner).orElse(Self.effectiveUser());
                found.add(
                        inspection.verdict() == Inspection.Verdict.RUNNING
                                ? new InstanceEntry.Active(record, "", owner)
                                : new InstanceEntry.Orphaned(record, "", owner));
            }
        } catch (LockFileException | UnsafeLockPathException e) {
            Console.complain(String.valueOf(e.getMessage()));
        }
    }

    private List<PsRow> rows() {
        List<PsRow> rows = new ArrayList<>();
        TreeMemory memory = null;
        for (InstanceEntry.Known entry : found) {
            PsRow row = new PsRow(entry, users.of(entry), 0, PsRow.clients(entry));
            if (row.isHere()) {
                memory = memory == null ? new TreeMemory() : memory;
                rows.add(new PsRow(entry, row.user(), memory.of(pids(entry)), row.clients()));
            } else {
                rows.add(row);
            }
        }
        return rows;
    }

    /** An orphan is no descendant of its launcher any more. */
    private static List<Integer> pids(InstanceEntry.Known entry) {
        List<Integer> pids = new ArrayList<>();
        if (entry instanceof InstanceEntry.Active) {
            pids.add(entry.record().lock().launcher().pid());
        }
        entry.record().lock().server().ifPresent(server -> pids.add(server.pid()));
        return pids;
    }

    private static Comparator<PsRow> order(String key) {
        Comparator<PsRow> byName =
                Comparator.comparing((PsRow row) -> row.instance().name()).thenComparing(PsRow::pid);
        return switch (key) {
            case "state" -> Comparator.comparing(PsRow::state).thenComparing(byName);
            case "pid" -> Comparator.comparingInt(PsRow::pid);
            case "age" -> largestFirst(row -> row.instance().ageSeconds()).thenComparing(byName);
            case "restarts" ->
                largestFirst(row -> row.instance().counters().restarts()).thenComparing(byName);
            case "memory" -> largestFirst(PsRow::kilobytes).thenComparing(byName);
            default -> byName;
        };
    }

    private static Comparator<PsRow> largestFirst(ToLongFunction<PsRow> key) {
        return Comparator.comparingLong(key).reversed();
    }

    private static String text(List<PsRow> rows, boolean isJson, String folder) {
        if (isJson) {
            return PsJson.of(rows);
        }
        return rows.isEmpty()
                ? "no instance in " + Printable.line(folder)
                : new PsTable(rows, Terminal.columns(STDOUT).orElse(WIDTH)).toString();
    }
}
