package dev.holdfast.cli;

import dev.holdfast.command.Environment;
import dev.holdfast.config.Variables;
import dev.holdfast.posix.processes.ProcFs;
import dev.holdfast.posix.processes.Self;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Variables that look like ours, or are those of a program like ours, and do nothing. Looked for when the server runs. */
final class UnreadVariables implements Supplier<List<String>> {
    private static final String OF_TINI = "TINI_";
    private static final String OF_DUMB_INIT = "DUMB_INIT_";

    private final Environment environment;

    UnreadVariables(Environment environment) {
        this.environment = environment;
    }

    @Override
    public List<String> get() {
        List<String> names = new ArrayList<>();
        // No lambda: before an exec it would be the first one of the process.
        for (String name : environment.names()) {
            if (name.startsWith("HOLDFAST_") || name.startsWith("FORCE_") || isOfOthers(name)) {
                names.add(name);
            }
        }
        return names.isEmpty() ? names : Variables.warnings(names);
    }

    /** Not those that are meant for the parent. */
    private static boolean isOfOthers(String name) {
        if (!name.startsWith(OF_TINI) && !name.startsWith(OF_DUMB_INIT)) {
            return false;
        }
        String parent = ProcFs.name(Self.parentPid());
        return name.startsWith(OF_TINI) ? !parent.equals("tini") : !parent.equals("dumb-init");
    }
}
