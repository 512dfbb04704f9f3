package dev.holdfast.cli;

import dev.holdfast.command.Environment;
import dev.holdfast.command.ProcessSettings;
import dev.holdfast.command.ServerUser;
import dev.holdfast.config.ProcessOptions;

/** What the server's process will be, from what was said of it. Loaded only when something was. */
final class ServerSettings {
    private ServerSettings() {}

    /** Looks its user up. */
    static ProcessSettings of(ProcessOptions options) {
        return new ProcessSettings(
                options.workingDirectory(),
                options.umask(),
                ServerUser.lookUp(options.user(), options.group()),
                options.oomScoreAdjustment(),
                options.niceness());
    }

    /** Reads its environment files: they beat the user's own variables, and those what the launcher has. */
    static Environment environment(Environment launchers, ProcessOptions options, ProcessSettings settings) {
        Environment environment = launchers;
        if (settings.user().isPresent()) {
            environment = environment.with(settings.user().get().variables());
        }
        for (String file : options.environmentFiles()) {
            environment = environment.withFile(file);
        }
        return environment;
    }
}
