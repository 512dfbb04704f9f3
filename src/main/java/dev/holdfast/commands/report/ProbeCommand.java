package dev.holdfast.commands.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.advisory.LockProbe;
import dev.holdfast.advisory.SharedLayers;
import dev.holdfast.config.LockArguments;
import dev.holdfast.config.LockOption;
import dev.holdfast.config.SettingsException;
import dev.holdfast.console.Console;
import dev.holdfast.console.ExitCode;
import dev.holdfast.json.jackson.Json;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.files.FileSystemType;
import dev.holdfast.posix.files.MountTable;
import dev.holdfast.posix.files.NetworkFileSystem;
import dev.holdfast.text.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code holdfast lock --probe DIR}: what locks are worth in a folder. */
final class ProbeCommand {
    private final String folder;
    private final boolean json;
    private final boolean allowNetwork;

    /**
     * Nothing is tried yet.
     *
     * @param said the options
     * @param words all that follows {@code lock}
     */
    ProbeCommand(LockArguments said, List<String> words) {
        folder = said.values().getOrDefault(LockOption.PROBE, "");
        json = said.isSet(LockOption.JSON);
        allowNetwork = said.isSet(LockOption.ALLOW_NETWORK_LOCK);
        if (folder.isEmpty() || said.commandIndex() < words.size()) {
            throw new SettingsException(List.of("--probe takes a folder and nothing else"), false);
        }
    }

    /** Tries the locks and prints what they are worth; the exit code. */
    int execute() {
        Optional<FileStatus> status = FileStatus.ofTarget(folder);
        if (status.isEmpty() || !status.get().isDirectory()) {
            Console.complain("cannot probe \"" + Printable.line(folder) + "\": "
                    + Errno.describe(status.isEmpty() ? Errno.ENOENT : Errno.ENOTDIR));
            return ExitCode.UNREADABLE.number();
        }
        List<LockProbe.Check> checks;
        try {
            checks = new LockProbe(folder).run();
        } catch (PosixException e) {
            Console.complain("cannot probe \"" + Printable.line(folder) + "\": " + Errno.describe(e.errno()));
            return ExitCode.CANNOT_CREATE.number();
        }
        String network = NetworkFileSystem.of(folder);
        boolean holds = checks.stream().allMatch(check -> check.holds() || !check.needed());
        boolean usable = holds && (network.isEmpty() || allowNetwork);
        String type = MountTable.typeOf(status.get().device());
        List<String> notes = notes(network);
        Console.result(json ? json(type, checks, notes, usable) : text(type, checks, notes, usable));
        return (usable ? ExitCode.OK : ExitCode.UNSAFE).number();
    }

    private List<String> notes(String network) {
        List<String> notes = new ArrayList<>();
        if (!network.isEmpty()) {
            notes.add("this is a network file system, " + network + ": what holds between two processes here need not"
                    + " hold between two machines; " + (allowNetwork ? "allowed" : "refused")
                    + (allowNetwork ? "" : " without --allow-network-lock"));
        }
        if (FileSystemType.of(folder) == FileSystemType.OVERLAY) {
            notes.add(
                    "overlayfs: locks exclude within this mount; another mount of the same lower folders has files of its"
                            + " own");
            SharedLayers.of(folder).ifPresent(other -> notes.add(SharedLayers.text(other)));
        }
        return notes;
    }

    private String text(String type, List<LockProbe.Check> checks, List<String> notes, boolean usable) {
        StringBuilder text = new StringBuilder(Printable.line(folder)).append(type.isEmpty() ? "" : " (" + type + ")");
        for (LockProbe.Check check : checks) {
            text.append(check.holds() ? "\n  yes  " : "\n  no   ").append(check.text());
            text.append(check.problem().isEmpty() ? "" : " (" + check.problem() + ")");
        }
        for (String note : notes) {
            text.append("\n  note ").append(note);
        }
        return text.append(usable ? "\nfit for locks" : "\nnot fit for locks").toString();
    }

    private String json(String type, List<LockProbe.Check> checks, List<String> notes, boolean usable) {
        ObjectNode node = Json.object();
        node.put("folder", folder).put("fileSystem", type).put("fit", usable);
        for (LockProbe.Check check : checks) {
            ObjectNode entry = node.withArray("checks")
                    .addObject()
                    .put("check", check.key())
                    .put("holds", check.holds())
                    .put("needed", check.needed());
            if (!check.problem().isEmpty()) {
                entry.put("problem", check.problem());
            }
        }
        notes.forEach(node.putArray("notes")::add);
        return Json.line(node);
    }
}
