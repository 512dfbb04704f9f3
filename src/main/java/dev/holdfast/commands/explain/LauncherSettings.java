package dev.holdfast.commands.explain;

import dev.holdfast.config.RunArguments;
import dev.holdfast.config.RunFolder;
import dev.holdfast.config.SettingsException;
import dev.holdfast.config.SettingsReader;
import dev.holdfast.control.KnownCommands;
import dev.holdfast.instance.Inspection;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.processes.ProcFs;
import dev.holdfast.posix.processes.ProcessEnvironment;
import dev.holdfast.settings.HandOff;
import dev.holdfast.text.RecordTime;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The settings of a launcher that runs, as it has read them: made again from its own command line, environment and folder,
 * which the kernel shows to its user and to root. So nothing has to be kept or written for it, and no value leaves the
 * process that asks.
 *
 * @param rows each setting and where it comes from
 * @param notes what the reader should know of them
 */
record LauncherSettings(List<ExplainedSetting> rows, List<String> notes) {
    private static final String MAIN = "dev.holdfast.cli.Main";
    /** Begins a launcher in the background; one more word follows it. */
    private static final String BACKGROUND = "background";

    /**
     * Reads them.
     *
     * @param inspection of its lock
     * @throws SettingsException if they cannot be had, with the reason
     */
    static LauncherSettings of(Inspection inspection) {
        LockRecord record = inspection.record().orElseThrow();
        if (record.care().handOff().orElse(HandOff.SUPERVISE) == HandOff.EXEC) {
            throw refused("it runs by --handoff exec or embeds Holdfast: there is no launcher that has settings");
        }
        int pid = record.launcher().pid();
        List<String> words = commandLine(pid);
        String folder = ProcFs.workingDirectory(pid);
        List<ExplainedSetting> rows = rows(pid, words, folder);
        Inspection again = Inspection.of(inspection.lockFile());
        boolean isSame = again.verdict() == Inspection.Verdict.RUNNING
                && again.record().map(LockRecord::instanceId).equals(Optional.of(record.instanceId()));
        if (!isSame) {
            throw refused("it has just ended; ask again");
        }
        List<String> notes = new ArrayList<>();
        noteNewerFiles(rows, record, folder, notes);
        return new LauncherSettings(
                redeployed(rows, record, pid, inspection.lockFile().path(), notes), notes);
    }

    private static List<ExplainedSetting> rows(int pid, List<String> words, String folder) {
        int main = words.indexOf(MAIN);
        int from = main < 0
                ? words.size()
                : main + (main + 1 < words.size() && words.get(main + 1).equals(BACKGROUND) ? 3 : 2);
        if (from >= words.size() || !ProcessEnvironment.isReadable(pid) || folder.isEmpty()) {
            throw refused("its command line and environment are not to be seen from here; ask as its user");
        }
        List<String> own = words.subList(from, words.size());
        RunArguments arguments = RunArguments.parse(own);
        SettingsReader reader = new SettingsReader(arguments, variable -> ProcessEnvironment.variable(pid, variable));
        return ExplainedSetting.all(
                reader,
                reader.read(
                        own.subList(arguments.commandIndex(), own.size()),
                        folder,
                        ProcFs.user(pid).orElse(0)));
    }

    private static SettingsException refused(String why) {
        return new SettingsException(List.of(why), true);
    }

    private static List<String> commandLine(int pid) {
        byte[] block = FileDescriptors.contentsOf("/proc/" + pid + "/cmdline");
        return block == null || block.length == 0
                ? List.of()
                : Arrays.asList(new String(block, 0, block.length - 1, StandardCharsets.UTF_8).split("\0", -1));
    }

    private static void noteNewerFiles(
            List<ExplainedSetting> rows, LockRecord record, String folder, List<String> notes) {
        List<String> seen = new ArrayList<>();
        for (ExplainedSetting row : rows) {
            int colon = row.source().lastIndexOf(':');
            String file = colon > 0 ? row.source().substring(0, colon) : "";
            if (!file.isEmpty() && !seen.contains(file)) {
                seen.add(file);
                Optional<FileStatus> status = FileStatus.ofTarget(file.startsWith("/") ? file : folder + "/" + file);
                long started = RecordTime.epochSecond(record.startTime()).orElse(Long.MAX_VALUE);
                if (status.isPresent() && status.get().modifiedSeconds() > started) {
                    notes.add(file + " was changed after the start: what stands there now is shown");
                }
            }
        }
    }

    /** A redeploy has put other values into the place of some. */
    private static List<ExplainedSetting> redeployed(
            List<ExplainedSetting> rows, LockRecord record, int pid, String lockFile, List<String> notes) {
        Optional<String> folder = RunFolder.path(
                variable -> ProcessEnvironment.variable(pid, variable),
                ProcFs.workingDirectory(pid),
                ProcFs.user(pid).orElse(0));
        String path = folder.map(run -> KnownCommands.path(run, record.name(), lockFile))
                .orElse("");
        Optional<FileStatus> status = path.isEmpty() ? Optional.empty() : FileStatus.ofName(path);
        long started = RecordTime.epochSecond(record.startTime()).orElse(Long.MAX_VALUE);
        if (status.isEmpty() || status.get().modifiedSeconds() < started) {
            return rows;
        }
        Optional<KnownCommands> known = KnownCommands.read(path);
        if (known.isEmpty()) {
            return rows;
        }
        notes.add("a redeploy has replaced the command; times of a redeploy are in milliseconds");
        List<ExplainedSetting> changed = new ArrayList<>();
        for (ExplainedSetting row : rows) {
            boolean isChanged = known.get().current().has(row.key());
            changed.add(
                    isChanged
                            ? new ExplainedSetting(
                                    row.key(), row.masked(known.get().current().text(row.key(), "")), "redeploy")
                            : row);
        }
        return changed;
    }
}
