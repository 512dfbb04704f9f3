package dev.holdfast.cli;

import dev.holdfast.commands.OtherCommands;
import dev.holdfast.config.InstanceArguments;
import dev.holdfast.console.Console;
import dev.holdfast.console.ExitCode;
import dev.holdfast.instance.Inspection;
import dev.holdfast.instance.StatusReport;
import dev.holdfast.lock.LockFileException;
import dev.holdfast.lock.UnsafeLockPathException;
import dev.holdfast.lock.file.InterlockHolders;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.UnsupportedSystemException;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.settings.LockFileName;
import dev.holdfast.text.Printable;
import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code holdfast status}: who holds the lock. Changes nothing. */
final class StatusCommand {
    /** Of instances without a file: anybody may have any number of interlocks, and to look for each takes a while. */
    private static final int MOST_LOST = 100;

    private final InstanceArguments arguments;

    StatusCommand(InstanceArguments arguments) {
        this.arguments = arguments;
    }

    int execute() {
        Optional<Target> target = Target.of(arguments);
        if (target.isEmpty()) {
            return all();
        }
        Inspection inspection = look(target.get());
        if (inspection == null) {
            return ExitCode.UNKNOWN.number();
        }
        StatusReport report = new StatusReport(target.get().name(), inspection);
        Console.result(arguments.isJson() ? OtherCommands.statusJson().of(report) : new StatusText(report).text());
        if (!arguments.isJson() && inspection.verdict() == Inspection.Verdict.NOT_RUNNING) {
            OtherFolders.tell(target.get());
        }
        return new StatusText(report).exitCode().number();
    }

    /** What may not be looked at is unknown, in the words of the LSB; null after saying why. */
    private @Nullable Inspection look(Target target) {
        try {
            return Inspection.of(target.lockFile());
        } catch (UnsafeLockPathException | LockFileException | UnsupportedSystemException e) {
            Console.complain(Failures.text(e, arguments.command()));
            return null;
        }
    }

    /** A container's health check: without a stream or a lambda, each of which costs the first time. */
    private int all() {
        List<StatusReport> reports = new ArrayList<>();
        String folder = Target.folder(arguments, LaunchScript.environment());
        String[] files = new File(folder).list();
        if (files == null && !isMissing(folder)) {
            return ExitCode.UNKNOWN.number();
        }
        ExitCode code = ExitCode.NOT_RUNNING;
        for (String file : files == null ? new String[0] : sorted(files)) {
            String name = isOurs(file) ? file : lostName(file, files);
            StatusReport report = name.isEmpty() ? null : inspect(new LockFile(folder, name));
            if (report != null) {
                reports.add(report);
                code = worthier(code, new StatusText(report).exitCode());
            }
        }
        int looks = 0;
        for (String name : InterlockHolders.fileNames(folder)) {
            LockFile file = new LockFile(folder, name);
            StatusReport report = isOurs(name) && !file.isNamed() && looks++ < MOST_LOST ? inspect(file) : null;
            if (report != null) {
                reports.add(report);
                code = worthier(code, new StatusText(report).exitCode());
            }
        }
        if (arguments.isJson()) {
            Console.result(OtherCommands.statusJson().of(reports));
        } else if (reports.isEmpty()) {
            Console.result("no instance in " + folder);
        } else {
            for (StatusReport report : reports) {
                Console.result(new StatusText(report).text());
            }
        }
        return code.number();
    }

    /** One that runs is what was asked for; after it, what cannot be told is not "no". */
    private static ExitCode worthier(ExitCode known, ExitCode found) {
        if (known == ExitCode.OK || found == ExitCode.OK) {
            return ExitCode.OK;
        }
        return found == ExitCode.UNKNOWN ? found : known;
    }

    /** Whether there is no such folder, and so no instance in it; says it when the folder may not be looked into. */
    private static boolean isMissing(String folder) {
        int fd = FileDescriptors.open(folder, FileDescriptors.O_RDONLY, 0);
        if (fd == -Errno.ENOENT || fd == -Errno.ENOTDIR) {
            return true;
        }
        boolean isFolder = true;
        if (fd >= 0) {
            isFolder = FileStatus.ofDescriptor(fd).isDirectory();
            FileDescriptors.close(fd);
        }
        if (isFolder) {
            Console.complain("the folder \"" + folder + "\" cannot be looked into"
                    + (fd < 0 ? ": " + Errno.describe(-fd) : "") + "; name the instance, or ask as its user");
        }
        return !isFolder;
    }

    /** Other programs keep lock files there, too: of what can be read, only what has one of our records is told. */
    private static @Nullable StatusReport inspect(LockFile file) {
        try {
            Inspection inspection = Inspection.of(file);
            String name =
                    inspection.record().isPresent() ? inspection.record().get().name() : "";
            boolean isLost = inspection.verdict() == Inspection.Verdict.UNVERIFIABLE && !file.isNamed();
            if (name.isEmpty() && (isLost || inspection.isHeldAsByLauncher())) {
                name = file.baseName(); // it cannot be looked into, or is just starting
            }
            return name.isEmpty() ? null : new StatusReport(name, inspection);
        } catch (UnsafeLockPathException | LockFileException | UnsupportedSystemException e) {
            String name = file.baseName();
            String reason = e.getMessage();
            return new StatusReport(
                    name,
                    new Inspection(
                            Inspection.Verdict.UNVERIFIABLE,
                            file,
                            Optional.empty(),
                            List.of(),
                            reason == null ? "" : reason));
        }
    }

    /** Anybody may put a file into a shared folder, with an escape sequence for the reader's terminal in its name. */
    private static boolean isOurs(String fileName) {
        return fileName.endsWith(LockFileName.SUFFIX) && fileName.indexOf(' ') < 0 && Printable.isAscii(fileName);
    }

    /** Of a lock file of which only the second name is left; empty for another file. */
    private static String lostName(String file, String[] all) {
        String name = LockFile.ofSecondName(file).orElse("");
        return isOurs(name) && Arrays.binarySearch(all, name) < 0 ? name : "";
    }

    private static String[] sorted(String[] names) {
        Arrays.sort(names);
        return names;
    }
}
