package dev.holdfast.commands.serve;

import dev.holdfast.commands.doctor.Doctor;
import dev.holdfast.commands.health.OverviewSource;
import dev.holdfast.instance.Inspection;
import dev.holdfast.instance.InstanceControl;
import dev.holdfast.instance.InstanceStop;
import dev.holdfast.instance.Outcome;
import dev.holdfast.journal.Journal;
import dev.holdfast.json.jackson.Json;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.registry.InstanceEntry;
import dev.holdfast.settings.LogLevel;
import dev.holdfast.text.ShellWord;
import java.util.Optional;

/** What the buttons of the page do, as the commands of the same names would. */
final class Actions {
    /** What can be done to an instance. */
    enum Action {
        STOP,
        RESTART
    }

    private final OverviewSource source;
    private final Doctor doctor;

    Actions(OverviewSource source, Doctor doctor) {
        this.source = source;
        this.doctor = doctor;
    }

    Reply resolve() {
        Reply reply = Reply.json(Reply.OK, doctor.resolve());
        source.fresh();
        return reply;
    }

    /** Does it to one instance, and to no other that has its lock by now. Blocks until it is done. */
    Reply to(String instanceId, Action action) {
        Optional<InstanceEntry.Known> entry = source.fresh().live().stream()
                .filter(live -> live.record().instanceId().equals(instanceId))
                .findFirst();
        if (entry.isEmpty() || entry.get().record().lockFile().isEmpty()) {
            return Reply.error(Reply.NOT_FOUND, "no such instance runs, or it has no lock");
        }
        LockFile file = LockFile.at(entry.get().record().lockFile());
        Optional<String> holder = Inspection.of(file).record().map(LockRecord::instanceId);
        if (!holder.equals(Optional.of(instanceId))) {
            return Reply.error(Reply.CONFLICT, "another instance has its lock by now");
        }
        Outcome outcome = action == Action.STOP
                ? new InstanceStop(file, new Journal(LogLevel.INFO, () -> line -> {})).stop(Optional.empty())
                : new InstanceControl(file).restart();
        source.fresh();
        String command = "holdfast " + (action == Action.STOP ? "stop" : "restart") + " --lock-file "
                + ShellWord.quoted(file.path());
        return switch (outcome.result()) {
            case DONE -> Reply.json(Reply.OK, Json.object().put("done", true));
            case ASKED -> Reply.json(Reply.ACCEPTED, Json.object().put("done", false));
            case NOT_RUNNING -> Reply.error(Reply.NOT_FOUND, "it has ended");
            case REFUSED, FOREIGN, ENDED -> Reply.error(Reply.CONFLICT, "it was not done; " + command + " tells why");
        };
    }
}
