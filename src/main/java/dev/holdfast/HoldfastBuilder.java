package dev.holdfast;

import dev.holdfast.config.InstanceName;
import dev.holdfast.config.LockPlace;
import dev.holdfast.embed.EmbeddedRegistration;
import dev.holdfast.embed.EmbeddedSettings;
import dev.holdfast.embed.EmbeddedStart;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.settings.ActivationSettings;
import dev.holdfast.settings.InstanceProfile;
import dev.holdfast.settings.InstanceVariables;
import dev.holdfast.text.Printable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a server is to be guarded. What is said here beats the environment, which is read only when it is asked for, and
 * that beats the defaults. Not safe for use by many threads.
 */
public final class HoldfastBuilder {
    private static final Duration LONGEST = Duration.ofDays(366);
    private static final int HIGHEST_PORT = 65_535;

    private final String name;
    private final List<StopHook> hooks = new ArrayList<>();
    private final List<Consumer<? super LostLock>> listeners = new ArrayList<>();
    private Duration recheck = Duration.ofSeconds(60);
    private boolean environment;
    private @Nullable String version;
    private @Nullable String transport;
    private @Nullable Duration grace;
    private @Nullable Scope scope;
    private @Nullable Path lockDir;
    private @Nullable Path lockFile;
    private @Nullable OnConflict onConflict;
    private @Nullable Duration waitTimeout;
    private List<String> arguments = List.of();
    private final List<String> dataDirs = new ArrayList<>();
    private int port;
    private Duration activateTimeout = ActivationSettings.USUAL_TIMEOUT;

    HoldfastBuilder(String name) {
        if (!InstanceName.isValid(name)) {
            throw new IllegalArgumentException("name \"" + Printable.line(name, 64) + "\" " + InstanceName.RULE);
        }
        this.name = name;
    }

    /**
     * The server's version, to be recorded; otherwise {@code 0}. {@code HOLDFAST_APP_VERSION}.
     *
     * @param text 1 to 64 printable ASCII characters
     * @return this
     */
    public HoldfastBuilder version(String text) {
        version = checkedText("version", text);
        return this;
    }

    /**
     * How clients talk to the server, to be recorded; otherwise {@code stdio}. Recorded only: nothing is watched.
     * {@code HOLDFAST_TRANSPORT}.
     *
     * @param text 1 to 64 printable ASCII characters
     * @return this
     */
    public HoldfastBuilder transport(String text) {
        transport = checkedText("transport", text);
        return this;
    }

    /**
     * How long a stop may take, all stop hooks together; otherwise 5 seconds. It is recorded, so that who stops or takes
     * over waits so long, and one second more, before it kills. {@code HOLDFAST_GRACE}.
     *
     * @param duration 0 to 366 days
     * @return this
     */
    public HoldfastBuilder grace(Duration duration) {
        grace = checkedDuration("grace", duration);
        return this;
    }

    /**
     * For whom the instance exists once; otherwise {@link Scope#MACHINE}. {@code HOLDFAST_SCOPE}.
     *
     * @param forWhom the scope
     * @return this
     */
    public HoldfastBuilder scope(Scope forWhom) {
        scope = forWhom;
        return this;
    }

    /**
     * The folder of the lock file, which must exist; otherwise {@code /tmp}, whatever {@code java.io.tmpdir} is.
     * {@code HOLDFAST_LOCK_DIR}.
     *
     * @return this
     */
    public HoldfastBuilder lockDir(Path folder) {
        lockDir = folder;
        return this;
    }

    /**
     * The lock file itself; otherwise its name comes from the instance's. {@code HOLDFAST_LOCK_FILE}.
     *
     * @param file the file; its folder must exist
     * @return this
     */
    public HoldfastBuilder lockFile(Path file) {
        lockFile = file;
        return this;
    }

    /**
     * What to do when another instance holds the lock; otherwise {@link OnConflict#FAIL}. {@code HOLDFAST_ON_CONFLICT},
     * whose {@code skip} and {@code activate} mean {@code fail} here, with a warning, and {@code FORCE_TERMINATE}.
     *
     * @param policy what to do
     * @return this
     */
    public HoldfastBuilder onConflict(OnConflict policy) {
        onConflict = policy;
        return this;
    }

    /**
     * What {@link OnConflict#ACTIVATE} hands to a running instance; otherwise nothing. When these are the last arguments of
     * this JVM, as {@code main}'s are, they arrive byte for byte, also what is no text.
     *
     * @param handedOver such as {@code main}'s; no NUL in them
     * @return this
     */
    public HoldfastBuilder arguments(String... handedOver) {
        for (String argument : handedOver) {
            if (argument.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("an argument has no NUL");
            }
        }
        arguments = List.of(handedOver);
        return this;
    }

    /**
     * How long {@link OnConflict#ACTIVATE} waits for a running instance to react, and how long {@link Holdfast#onActivate}
     * may take in this one; otherwise 5 seconds. An instance that is still starting has a minute.
     *
     * @param duration 0 to 366 days
     * @return this
     */
    public HoldfastBuilder activateTimeout(Duration duration) {
        activateTimeout = checkedDuration("activate timeout", duration);
        return this;
    }

    /**
     * How long {@link OnConflict#WAIT} waits; otherwise for ever. {@code HOLDFAST_WAIT_TIMEOUT}.
     *
     * @param duration 0 to 366 days
     * @return this
     */
    public HoldfastBuilder waitTimeout(Duration duration) {
        waitTimeout = checkedDuration("wait timeout", duration);
        return this;
    }

    /**
     * A folder of the server's data, to be recorded. May be called again, for another one. Nothing is locked by it: whoever
     * works on the same folder is told of in a warning in the log, once, and by {@code holdfast doctor}.
     *
     * @param folder need not be there
     * @return this
     */
    public HoldfastBuilder dataDir(Path folder) {
        dataDirs.add(LockPlace.absolute(folder.toString(), Self.workingDirectory()));
        return this;
    }

    /**
     * The port at which the server serves, to be recorded, as {@link #dataDir} is. Nothing is opened.
     *
     * @param number 1 to 65535
     * @return this
     */
    public HoldfastBuilder port(int number) {
        if (number < 1 || number > HIGHEST_PORT) {
            throw new IllegalArgumentException("port must be 1 to 65535, and is " + number);
        }
        port = number;
        return this;
    }

    /**
     * Lets the variables of {@code holdfast run} count that are named at the other methods, for what is not said in
     * code, and {@code FORCE_TERMINATE=true}, which means {@link OnConflict#TAKEOVER} unless {@link #onConflict} was
     * called. Without this none of them is read: whoever embeds the library decides whether those who start the server
     * may.
     *
     * @return this
     */
    public HoldfastBuilder withEnvironment() {
        environment = true;
        return this;
    }

    /**
     * Has a part of the server stopped before the lock is released. Several are run one after the other, the last added
     * first. Together they have the grace: half of it is shared out evenly, so that each is sure of its part, and the
     * other half is for the first that needs it. One that has used up its time goes on beside the next ones, and is
     * interrupted at the end of the grace. One that throws is logged, and the stop goes on.
     *
     * @param hook stops the part; idempotent where the server also ends by itself, since it runs then, too
     * @return this
     */
    public HoldfastBuilder onStop(StopHook hook) {
        hooks.add(java.util.Objects.requireNonNull(hook, "hook"));
        return this;
    }

    /**
     * Has somebody told when the lock file was removed or replaced. Called in a thread of its own, once for each change;
     * must not block for long, since nothing is looked at meanwhile. Without a listener it is logged only: the server
     * goes on. Whoever wants at most one server at any price ends it at {@link LostLock.State#TAKEN}.
     *
     * @param listener is told
     * @return this
     */
    public HoldfastBuilder onLost(Consumer<? super LostLock> listener) {
        listeners.add(java.util.Objects.requireNonNull(listener, "listener"));
        return this;
    }

    /**
     * How often the path is looked at, and a removed lock file put there again; otherwise each 60 seconds.
     *
     * @param interval longer than 0, at most 366 days
     * @return this
     */
    public HoldfastBuilder recheckEvery(Duration interval) {
        recheck = checkedDuration("recheck", interval);
        if (interval.isZero()) {
            throw new IllegalArgumentException("recheck must be longer than 0");
        }
        return this;
    }

    /**
     * Takes the lock. Blocks while it waits or takes over; otherwise for some milliseconds, and for 2 seconds at the most
     * where a holder cannot be proved at once. The first one in a JVM loads the native library.
     *
     * @return the guard, which stops and releases when it is closed or the JVM shuts down
     * @throws AlreadyRunningException if another instance holds the lock, and stays
     * @throws ActivatedException if it has taken the arguments, under {@link OnConflict#ACTIVATE}
     * @throws AlreadyAcquiredException if this JVM has the lock already
     * @throws AcquireInterruptedException if this thread is interrupted
     * @throws dev.holdfast.lock.UnsafeLockPathException if what stands at the lock path cannot be trusted: a link, another
     *     user's file, one that others may write
     * @throws dev.holdfast.lock.LockFileException if the lock file cannot be made, written or locked
     * @throws dev.holdfast.error.HoldfastException the root of all these; itself if the environment was asked for and says
     *     what cannot be, or if this system lacks what is needed: Linux 5.3 and its {@code /proc}
     * @throws IllegalStateException if the JVM is shutting down
     */
    public Holdfast acquire() {
        SaidElsewhere said = SaidElsewhere.read(name, environment);
        LockFile file = LockFile.at(said.path(lockFile, lockDir, scope));
        String claim = Claims.claim(name, file);
        boolean acquired = false;
        try {
            Holdfast guard = acquire(file, claim, said);
            acquired = true;
            return guard;
        } finally {
            if (!acquired) {
                Claims.release(claim);
            }
        }
    }

    private Holdfast acquire(LockFile file, String claim, SaidElsewhere said) {
        Duration ownGrace = SaidElsewhere.or(grace, said.options().grace(), Duration.ofSeconds(5));
        EmbeddedSettings settings = new EmbeddedSettings(
                name,
                file,
                said.policy(onConflict),
                waitTimeout == null ? said.options().waitTimeout() : Optional.of(waitTimeout),
                SaidElsewhere.or(transport, said.options().transport(), "stdio"),
                ownGrace,
                SaidElsewhere.or(version, said.options().version(), "0"),
                onConflict == OnConflict.ACTIVATE ? RawArguments.of(arguments) : List.of(),
                activateTimeout);
        EmbeddedStart start = new EmbeddedStart(settings, SaidElsewhere.variable(InstanceVariables.ID), Log.journal());
        Ownership lock = new StartResult(name, file).ownership(start.start(), this::registration);
        Path path = Path.of(file.path());
        PathWatch watch = new PathWatch(name, path, lock, recheck, listeners);
        Holdfast guard = new Holdfast(name, path, lock, claim, new StopHooks(name, hooks), ownGrace, watch);
        guard.begin();
        return guard;
    }

    private EmbeddedRegistration registration(String path) {
        InstanceProfile profile = new InstanceProfile("", dataDirs, "", port, List.of(), List.of(), List.of());
        return new EmbeddedRegistration(path, recheck, profile, SaidElsewhere::variable, Log.journal());
    }

    private static String checkedText(String what, String text) {
        if (!LockRecord.isValidText(text)) {
            throw new IllegalArgumentException(
                    what + " \"" + Printable.line(text, 64) + "\" must be 1 to 64 printable ASCII characters");
        }
        return text;
    }

    private static Duration checkedDuration(String what, Duration duration) {
        if (duration.isNegative() || duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(what + " must be 0 to 366 days, and is " + duration);
        }
        return duration;
    }
}
