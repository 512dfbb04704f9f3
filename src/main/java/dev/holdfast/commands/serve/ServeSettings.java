package dev.holdfast.commands.serve;

import dev.holdfast.command.Environment;
import dev.holdfast.commands.doctor.RegistryPlace;
import dev.holdfast.config.CommandArguments;
import dev.holdfast.config.InstancesPlace;
import dev.holdfast.config.LockPlace;
import dev.holdfast.config.ServeOption;
import dev.holdfast.config.SettingsException;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.settings.ConflictDetection;
import dev.holdfast.text.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What was said to the server.
 *
 * @param host the address to listen on
 * @param port the port; 0 for any
 * @param allowResolve whether what killed launchers have left may be cleared away
 * @param allowActions whether instances may be stopped and restarted, too
 * @param tokenFile where the token is; empty when the user has no home and no file was named
 * @param instance the id of the only instance to tell of; empty for all
 * @param level how much of two instances is told
 */
record ServeSettings(
        String host,
        int port,
        boolean allowResolve,
        boolean allowActions,
        Optional<String> tokenFile,
        Optional<String> instance,
        ConflictDetection level) {
    private static final String USUAL_HOST = "127.0.0.1";
    private static final int USUAL_PORT = 8000;
    private static final int HIGHEST_PORT = 65_535;

    /**
     * Reads them.
     *
     * @throws SettingsException if something cannot be understood
     */
    static ServeSettings of(CommandArguments arguments) {
        List<String> problems = new ArrayList<>();
        if (!arguments.name().isEmpty()) {
            problems.add("serve takes no name; it tells of all instances");
        }
        boolean allowActions = arguments.has(ServeOption.ALLOW_ACTIONS);
        Environment environment = Environment.ofThisProcess();
        Optional<String> token = arguments.has(ServeOption.TOKEN_FILE)
                ? Optional.of(LockPlace.absolute(arguments.value(ServeOption.TOKEN_FILE), Self.workingDirectory()))
                : InstancesPlace.of(environment, Self.workingDirectory(), Self.effectiveUser())
                        .map(place -> place.ownFolder() + "/serve.token");
        if (allowActions && token.isEmpty()) {
            problems.add("--allow-actions needs a token, and there is no home folder for it; say --token-file FILE");
        }
        int port = port(arguments, problems);
        String host = host(arguments, problems);
        if (!problems.isEmpty()) {
            throw new SettingsException(problems, false);
        }
        return new ServeSettings(
                host,
                port,
                arguments.has(ServeOption.ALLOW_RESOLVE),
                allowActions,
                token,
                Optional.of(arguments.value(ServeOption.INSTANCE)).filter(id -> !id.isEmpty()),
                RegistryPlace.ofThisProcess().level());
    }

    /** An IPv6 address may be in brackets, as it is in a URL. */
    private static String host(CommandArguments arguments, List<String> problems) {
        String typed = arguments.has(ServeOption.HOST) ? arguments.value(ServeOption.HOST) : USUAL_HOST;
        String host = typed.startsWith("[") && typed.endsWith("]") ? typed.substring(1, typed.length() - 1) : typed;
        if (host.isBlank()) {
            problems.add("--host needs an address, such as " + USUAL_HOST + " or ::1");
        }
        return host;
    }

    private static int port(CommandArguments arguments, List<String> problems) {
        if (!arguments.has(ServeOption.PORT)) {
            return USUAL_PORT;
        }
        String typed = arguments.value(ServeOption.PORT);
        int port = typed.matches("[0-9]{1,5}") ? Integer.parseInt(typed) : -1;
        if (port < 0 || port > HIGHEST_PORT) {
            problems.add("--port \"" + Printable.text(typed) + "\" must be a number from 0 to 65535");
        }
        return port;
    }
}
