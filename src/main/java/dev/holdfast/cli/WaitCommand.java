package dev.holdfast.cli;

import dev.holdfast.config.CommandArguments;
import dev.holdfast.config.CommandOption;
import dev.holdfast.config.InstanceArguments;
import dev.holdfast.config.SettingsException;
import dev.holdfast.config.WaitOption;
import dev.holdfast.console.Console;
import dev.holdfast.console.ExitCode;
import dev.holdfast.instance.InstanceWait;
import dev.holdfast.text.DurationText;
import dev.holdfast.text.Printable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code holdfast wait}: until an instance is ready, or gone. */
final class WaitCommand {
    private final CommandArguments arguments;

    WaitCommand(List<String> words) {
        arguments = CommandArguments.withName(CommandOption.of("wait"), words);
    }

    int execute() {
        if (arguments.has(WaitOption.READY) && arguments.has(WaitOption.GONE)) {
            throw new SettingsException(List.of("--ready and --gone exclude each other"), false);
        }
        Optional<Target> named = Target.of(new InstanceArguments("wait", arguments.name(), arguments.ofRun(), false));
        if (named.isEmpty()) {
            throw new SettingsException(List.of("which instance? as in: holdfast wait NAME"), false);
        }
        Target target = named.get();
        InstanceWait wait = new InstanceWait(target.lockFile(), timeout());
        boolean isForGone = arguments.has(WaitOption.GONE);
        InstanceWait.Outcome outcome = isForGone ? wait.gone() : wait.ready();
        switch (outcome.result()) {
            case DONE -> Console.result(target.name() + ": " + (isForGone ? "not running" : "ready"));
            case ENDED ->
                Console.complain(
                        "\"" + target.name() + "\" ended before it was ready" + LogHint.ofStandardPlace(target.name()));
            case TIMEOUT ->
                Console.complain("\"" + target.name() + "\" is not " + (isForGone ? "gone" : "ready") + " after "
                        + arguments.value(WaitOption.TIMEOUT) + ": it is "
                        + outcome.last().verdict().word().replace('-', ' '));
        }
        return switch (outcome.result()) {
            case DONE -> ExitCode.OK.number();
            case ENDED -> ExitCode.UNAVAILABLE.number();
            case TIMEOUT -> ExitCode.CONFLICT.number();
        };
    }

    private Optional<Duration> timeout() {
        if (!arguments.has(WaitOption.TIMEOUT)) {
            return Optional.empty();
        }
        String typed = arguments.value(WaitOption.TIMEOUT);
        Optional<Duration> timeout = DurationText.parse(typed);
        if (timeout.isEmpty()) {
            throw new SettingsException(
                    List.of("--timeout \"" + Printable.text(typed) + "\" must be a duration, such as 500ms, 5s or 2m"),
                    false);
        }
        return timeout;
    }
}
