package dev.holdfast.cli;

import dev.holdfast.guard.Environment;
import dev.holdfast.guard.Inspection;
import dev.holdfast.lock.LockFileException;
import dev.holdfast.lock.UnsafeLockPathException;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.posix.UnsupportedSystemException;
import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParseResult;

/** {@code holdfast status}: who holds the lock. Changes nothing. */
final class StatusCommand {
    private final ParseResult result;

    StatusCommand(ParseResult result) {
        this.result = result;
    }

    int execute() {
        Optional<Target> target = Target.of(result);
        boolean json = result.hasMatchedOption("--json");
        if (target.isEmpty()) {
            return all(json);
        }
        Inspection inspection = look(target.get());
        if (inspection == null) {
            return ExitCode.UNKNOWN.number();
        }
        StatusReport report = new StatusReport(target.get().name(), inspection);
        System.out.println(json ? report.json() : report.text());
        return report.exitCode().number();
    }

    /** What may not be looked at is unknown, in the words of the LSB; null after saying why. */
    private static @Nullable Inspection look(Target target) {
        try {
            return Inspection.of(target.lockFile());
        } catch (UnsafeLockPathException | LockFileException | UnsupportedSystemException e) {
            Console.complain(Failures.text(e));
            return null;
        }
    }

    private int all(boolean json) {
        List<StatusReport> reports = new ArrayList<>();
        String folder = Target.folder(result, Environment.ofLauncher());
        String[] files = new File(folder).list((parent, name) -> isOurs(name));
        for (String file : files == null ? new String[0] : sorted(files)) {
            inspect(new LockFile(folder, file)).ifPresent(reports::add);
        }
        boolean running = reports.stream().anyMatch(report -> report.exitCode() == ExitCode.OK);
        if (json) {
            System.out.println(StatusReport.json(reports));
        } else if (reports.isEmpty()) {
            System.out.println("no instance in " + folder);
        } else {
            reports.forEach(report -> System.out.println(report.text()));
        }
        return (running ? ExitCode.OK : ExitCode.NOT_RUNNING).number();
    }

    /** Other programs keep lock files there, too: only what has one of our records is told. */
    private static Optional<StatusReport> inspect(LockFile file) {
        try {
            Inspection inspection = Inspection.of(file);
            return inspection
                    .record()
                    .filter(record -> !record.name().isEmpty())
                    .map(record -> new StatusReport(record.name(), inspection));
        } catch (UnsafeLockPathException | LockFileException e) {
            return Optional.empty(); // somebody else's
        }
    }

    /** Anybody may put a file into a shared folder, with an escape sequence for the reader's terminal in its name. */
    private static boolean isOurs(String fileName) {
        return fileName.endsWith(".lock") && fileName.chars().allMatch(c -> c > ' ' && c <= '~');
    }

    private static String[] sorted(String[] names) {
        Arrays.sort(names);
        return names;
    }
}
