package dev.holdfast.commands.doctor;

import dev.holdfast.command.Environment;
import dev.holdfast.commands.OtherCommands;
import dev.holdfast.config.CommandArguments;
import dev.holdfast.config.CommandOption;
import dev.holdfast.config.DoctorOption;
import dev.holdfast.config.LockPlace;
import dev.holdfast.config.RunArguments;
import dev.holdfast.config.SettingsException;
import dev.holdfast.console.Console;
import dev.holdfast.json.jackson.Json;
import dev.holdfast.posix.processes.Self;
import java.util.List;

/** {@code holdfast doctor}: what is wrong with the instances of this user. */
public final class DoctorCommand implements OtherCommands.Command {
    @Override
    public int execute(List<String> words) {
        CommandArguments arguments = CommandArguments.withName(CommandOption.of("doctor"), words);
        if (!arguments.name().isEmpty()) {
            throw new SettingsException(List.of("doctor looks at all instances; it takes no name"), false);
        }
        if (arguments.has(DoctorOption.SELFTEST)) {
            return new SelfTest().execute(arguments.has(DoctorOption.JSON));
        }
        RegistryPlace registry = RegistryPlace.of(arguments);
        Diagnosis diagnosis = Diagnosis.of(registry.level(), registry, lockFolder(arguments));
        Console.result(
                arguments.has(DoctorOption.JSON)
                        ? Json.line(DiagnosisJson.of(diagnosis))
                        : DiagnosisText.of(diagnosis));
        return diagnosis.exitCode();
    }

    /** The usual folder of lock files, without a slash at its end. */
    static String lockFolder(CommandArguments arguments) {
        LockPlace place = LockPlace.of(
                new RunArguments(arguments.ofRun(), 0),
                Environment.ofThisProcess()::value,
                "",
                Self.workingDirectory(),
                Self.effectiveUser());
        String folder = LockPlace.absolute(place.folder() + "/", Self.workingDirectory());
        return folder.substring(0, Math.max(1, folder.length() - 1));
    }
}
