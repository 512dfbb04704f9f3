package dev.holdfast.cli;

import dev.holdfast.config.InstanceArguments;
import dev.holdfast.config.RunOption;
import dev.holdfast.config.SettingsException;
import dev.holdfast.console.Console;
import dev.holdfast.console.ExitCode;
import dev.holdfast.instance.InstanceStop;
import dev.holdfast.instance.Outcome;
import dev.holdfast.journal.Journal;
import dev.holdfast.settings.LogLevel;
import dev.holdfast.text.DurationText;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code holdfast stop}: end a running instance gracefully. */
final class StopCommand {
    private final InstanceArguments arguments;

    StopCommand(InstanceArguments arguments) {
        this.arguments = arguments;
    }

    int execute() {
        Target target = Target.needed(arguments);
        Journal journal = new Journal(LogLevel.INFO, new Complaints());
        journal.open();
        Outcome outcome = new InstanceStop(target.lockFile(), journal).stop(grace());
        switch (outcome.result()) {
            case DONE, ASKED -> Console.result(target.name() + ": stopped");
            case NOT_RUNNING -> {
                Console.result(target.name() + ": not running");
                OtherFolders.tell(target);
            }
            case REFUSED, FOREIGN, ENDED -> Console.complain(new NotDoneText("stop", target).of(outcome));
        }
        return NotDoneText.exitCode(outcome.result(), ExitCode.OK).number();
    }

    /** What is done goes to stderr. No lambda: the first one of a stop loads a hundred classes. */
    private static final class Complaints implements Journal.SinkFactory, Journal.Sink {
        @Override
        public Journal.Sink open() {
            return this;
        }

        @Override
        public void write(Journal.Entry entry) {
            Console.complain(entry.text());
        }
    }

    private Optional<Duration> grace() {
        String typed = arguments.values().get(RunOption.GRACE);
        if (typed == null) {
            return Optional.empty();
        }
        Optional<Duration> grace = DurationText.parse(typed);
        if (grace.isEmpty()) {
            throw new SettingsException(
                    List.of("--grace \"" + typed + "\" must be a duration, such as 500ms, 5s or 2m"), false);
        }
        return grace;
    }
}
