package dev.holdfast.commands.doctor;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.config.CommandArguments;
import dev.holdfast.journal.Journal;
import dev.holdfast.settings.ConflictDetection;
import dev.holdfast.settings.LogLevel;
import java.util.List;

/** What {@code doctor} and {@code resolve} find and do, for who serves it over HTTP or to an AI client. */
public final class Doctor {
    private final ConflictDetection level;
    private final RegistryPlace registry = RegistryPlace.ofThisProcess();
    private final String lockFolder;

    /**
     * Looks where the commands would look.
     *
     * @param level how much of two instances is told
     * @param arguments may say where the lock files are
     */
    public Doctor(ConflictDetection level, CommandArguments arguments) {
        this.level = level;
        lockFolder = DoctorCommand.lockFolder(arguments);
    }

    /** What is wrong, as {@code doctor --json} prints it. */
    public ObjectNode diagnosis() {
        return DiagnosisJson.of(Diagnosis.of(level, registry, lockFolder));
    }

    /** Clears away what killed launchers have left, as {@code resolve --yes --json} prints it. Ends nobody. */
    public ObjectNode resolve() {
        Diagnosis diagnosis = Diagnosis.of(ConflictDetection.STRICT, registry, lockFolder);
        Journal journal = new Journal(LogLevel.INFO, () -> entry -> {});
        Cleanup cleanup = new Cleanup(diagnosis, false, false, journal);
        cleanup.run(name -> true);
        List<String> actions = ResolveCommand.actions(cleanup, diagnosis);
        return ResolveCommand.json(cleanup, actions, false);
    }
}
