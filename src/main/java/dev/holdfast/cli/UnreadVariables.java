package dev.holdfast.cli;

import dev.holdfast.config.Variables;
import dev.holdfast.guard.Environment;
import dev.holdfast.posix.ProcFs;
import dev.holdfast.posix.Self;
import java.util.List;
import java.util.function.Supplier;

/** Variables that look like ours, or are those of a program like ours, and do nothing. Looked for when the server runs. */
final class UnreadVariables implements Supplier<List<String>> {
    private final Environment environment;

    UnreadVariables(Environment environment) {
        this.environment = environment;
    }

    @Override
    public List<String> get() {
        String parent = ProcFs.name(Self.parentPid());
        List<String> names = environment.names();
        // They are meant for it when it is there.
        names.removeIf(name -> (parent.equals("tini") && name.startsWith("TINI_"))
                || (parent.equals("dumb-init") && name.startsWith("DUMB_INIT_")));
        return Variables.warnings(names);
    }
}
