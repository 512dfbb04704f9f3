package dev.holdfast.cli;

import dev.holdfast.config.InstanceArguments;

/** The commands on an instance that runs already. */
final class InstanceCommand {
    private InstanceCommand() {}

    static int execute(InstanceArguments arguments) {
        return switch (arguments.command()) {
            case "status" -> new StatusCommand(arguments).execute();
            case "stop" -> new StopCommand(arguments).execute();
            case "restart", "reload" -> new ControlCommand(arguments).execute();
            default -> throw new IllegalArgumentException(arguments.command());
        };
    }
}
