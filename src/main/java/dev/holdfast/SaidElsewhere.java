package dev.holdfast;

import dev.holdfast.config.EmbeddedOptions;
import dev.holdfast.config.LockPlace;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.settings.ConflictPolicy;
import dev.holdfast.settings.LockScope;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What holds where code says nothing: what the environment says, if it is asked, or else what is usual.
 *
 * @param name the instance's
 * @param options the environment's; none when it is not asked
 */
record SaidElsewhere(String name, EmbeddedOptions options) {
    /** Reads the environment, if it is asked, and logs what is odd in it. */
    static SaidElsewhere read(String name, boolean asksEnvironment) {
        EmbeddedOptions options =
                asksEnvironment ? EmbeddedOptions.read(SaidElsewhere::variable) : EmbeddedOptions.NONE;
        options.warnings().forEach(Log::warn);
        return new SaidElsewhere(name, options);
    }

    static <T> T or(@Nullable T inCode, Optional<T> inEnvironment, T otherwise) {
        return inCode == null ? inEnvironment.orElse(otherwise) : inCode;
    }

    /** A variable's value; empty when it is not set. */
    static String variable(String variable) {
        String value = System.getenv(variable);
        return value == null ? "" : value;
    }

    /** The lock file's absolute path. */
    String path(@Nullable Path file, @Nullable Path folder, @Nullable Scope scope) {
        String path;
        if (file != null) {
            path = file.toString();
        } else if (folder == null && options.lockFile().isPresent()) {
            path = options.lockFile().get();
        } else {
            String chosen = folder == null ? options.lockDir().orElse("/tmp") : folder.toString();
            LockScope forWhom = scope == null
                    ? options.scope().orElse(LockScope.MACHINE)
                    : scope == Scope.USER ? LockScope.USER : LockScope.MACHINE;
            path = chosen + "/" + LockPlace.fileName(name, forWhom, Self.effectiveUser());
        }
        return LockPlace.absolute(path, Self.workingDirectory());
    }

    /** What is done about another holder. */
    ConflictPolicy policy(@Nullable OnConflict inCode) {
        if (inCode != null) {
            return switch (inCode) {
                case FAIL -> ConflictPolicy.FAIL;
                case WAIT -> ConflictPolicy.WAIT;
                case TAKEOVER -> ConflictPolicy.TAKEOVER;
                case ACTIVATE -> ConflictPolicy.ACTIVATE;
            };
        }
        // A library cannot skip: its caller asks for a lock, and has to be told that there is none.
        // And to be activated, its caller has to hear of the arguments.
        ConflictPolicy policy = options.onConflict().orElse(ConflictPolicy.FAIL);
        if (policy != ConflictPolicy.SKIP && policy != ConflictPolicy.ACTIVATE) {
            return policy;
        }
        Log.warn("HOLDFAST_ON_CONFLICT is " + (policy == ConflictPolicy.SKIP ? "skip" : "activate")
                + ", which is taken as fail: \"" + name + "\" guards itself"
                + (policy == ConflictPolicy.SKIP ? "" : ", and its code does not say onConflict(ACTIVATE)"));
        return ConflictPolicy.FAIL;
    }
}
