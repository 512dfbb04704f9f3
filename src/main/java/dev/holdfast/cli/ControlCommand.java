package dev.holdfast.cli;

import dev.holdfast.config.InstanceArguments;
import dev.holdfast.console.Console;
import dev.holdfast.console.ExitCode;
import dev.holdfast.instance.InstanceControl;
import dev.holdfast.instance.Outcome;

/** {@code holdfast restart} and {@code holdfast reload}: ask a running launcher for something. */
final class ControlCommand {
    private final InstanceArguments arguments;
    private final String verb;

    ControlCommand(InstanceArguments arguments) {
        this.arguments = arguments;
        verb = arguments.command();
    }

    int execute() {
        Target target = Target.needed(arguments);
        InstanceControl control = new InstanceControl(target.lockFile());
        Outcome outcome = verb.equals("restart") ? control.restart() : control.reload();
        switch (outcome.result()) {
            case DONE -> Console.result(target.name() + ": " + done(outcome.serverPid()));
            case ASKED ->
                Console.result(target.name()
                        + ": its launcher was asked to reload it, and gave no answer: its log tells whether the server"
                        + pid(outcome.serverPid()) + " was told");
            case NOT_RUNNING -> Console.result(target.name() + ": not running");
            case REFUSED, FOREIGN, ENDED -> Console.complain(new NotDoneText(verb, target).of(outcome));
        }
        return NotDoneText.exitCode(outcome.result(), ExitCode.NOT_RUNNING).number();
    }

    private String done(int serverPid) {
        String server = serverPid == 0 ? "" : ", server pid " + serverPid;
        return (verb.equals("restart") ? "restarted" : "told to reload") + server;
    }

    private static String pid(int serverPid) {
        return serverPid == 0 ? "" : ", pid " + serverPid + ",";
    }
}
