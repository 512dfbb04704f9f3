package dev.holdfast.config;

import dev.holdfast.settings.ConflictPolicy;
import dev.holdfast.settings.LockScope;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What the environment says for a server that guards itself: of the variables of {@code holdfast run}, those that mean
 * something there. Each is empty where nothing was said.
 *
 * @param scope who shares the lock
 * @param lockDir the lock file's folder
 * @param onConflict what to do when another instance runs
 * @param lockFile the lock file itself
 * @param waitTimeout how long to wait
 * @param transport to be recorded
 * @param grace how long a stop may take
 * @param version to be recorded
 * @param warnings what was said and has no effect, one line each
 */
public record EmbeddedOptions(
        Optional<LockScope> scope,
        Optional<String> lockDir,
        Optional<ConflictPolicy> onConflict,
        Optional<String> lockFile,
        Optional<Duration> waitTimeout,
        Optional<String> transport,
        Optional<Duration> grace,
        Optional<String> version,
        List<String> warnings) {
    /** Nothing was said. */
    public static final EmbeddedOptions NONE = new EmbeddedOptions(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of());

    /** Copies the list. */
    public EmbeddedOptions {
        warnings = List.copyOf(warnings);
    }

    /**
     * Reads the variables.
     *
     * @param environment gives a variable's value, empty when it is not set
     * @return what they say
     * @throws SettingsException if anything of it cannot be; it tells all problems together
     */
    public static EmbeddedOptions read(UnaryOperator<String> environment) {
        OptionValues values = new OptionValues(RunArguments.parse(List.of()), environment);
        LockPlace lock = LockPlace.read(values);
        ConflictPolicy policy = values.choice(RunOption.ON_CONFLICT, ConflictPolicy.values());
        boolean forced = values.isOn(RunOption.FORCE);
        EmbeddedOptions options = new EmbeddedOptions(
                lock.scope(),
                values.isSet(RunOption.LOCK_DIR) ? Optional.of(lock.folder()) : Optional.empty(),
                forced ? Optional.of(ConflictPolicy.TAKEOVER) : ifSet(values, RunOption.ON_CONFLICT, policy),
                lock.file(),
                values.optionalDuration(RunOption.WAIT_TIMEOUT),
                ifSet(values, RunOption.TRANSPORT, values.shortText(RunOption.TRANSPORT, "")),
                values.optionalDuration(RunOption.GRACE),
                ifSet(values, RunOption.APP_VERSION, values.shortText(RunOption.APP_VERSION, "")),
                values.warnings());
        values.throwProblems();
        return options;
    }

    private static <T> Optional<T> ifSet(OptionValues values, RunOption option, T value) {
        return values.isSet(option) ? Optional.of(value) : Optional.empty();
    }
}
