package dev.holdfast;

import dev.holdfast.embed.LaunchReceiver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;

/**
 * A guard that this server holds: for its name there is no other one, as long as this is not closed and the JVM lives.
 *
 * <pre>{@code
 * try (Holdfast guard = Holdfast.named("orders")
 *         .version("1.0.0")
 *         .transport("stdio")
 *         .grace(ofSeconds(5))
 *         .onStop(server::close)
 *         .acquire()) {
 *     server.run();
 * }
 * }</pre>
 *
 * <h2>To others it is an instance like any</h2>
 *
 * <p>The lock, its file and the record in it are those of {@code holdfast run}, and the process to signal is this JVM:
 * {@code holdfast status NAME} shows it, {@code holdfast stop NAME} stops it by TERM and, after the recorded grace and a
 * second, by SIGKILL, and a start with {@code FORCE_TERMINATE=true} takes over from it, be it of the launcher or of this
 * library. {@code holdfast reload NAME} refuses a server that has no launcher: it would send HUP, at which a JVM shuts
 * down.
 *
 * <h2>How it stops</h2>
 *
 * <p>One sequence, once, whoever begins it: the record says {@code stopping}; the hooks of {@link HoldfastBuilder#onStop}
 * run, the last registered first, within the grace; the lock file is removed while it is still locked; the locks are
 * freed. It begins with {@link #close}, or with the JVM's shutdown: System.exit, the end of the last thread that is not a
 * daemon, or a signal. In a shutdown the last two steps are the JVM's very last ones, after all shutdown hooks of
 * others: until then this process counts as running.
 *
 * <p>Signals, in a JVM that was started by plain {@code java}, without bin/holdfast and without options of its own:
 *
 * <ul>
 *   <li>TERM, INT and HUP shut the JVM down: the stop runs, and the exit code is the JVM's own, 143, 130 or 129. HUP is
 *       ignored under nohup. A signal that comes before {@code main} has acquired anything ends the JVM at once.
 *   <li>QUIT prints a thread dump and stops nothing.
 *   <li>With {@code -Xrs} the JVM handles none of them: each ends it on the spot. No hook runs, the kernel frees the
 *       lock, and the file stays for the next start to take over. The same holds for SIGKILL, {@code Runtime.halt} and a
 *       crash.
 *   <li>A framework that installs handlers of its own for these signals decides itself whether the JVM shuts down.
 * </ul>
 *
 * <p>A shutdown is bounded. When the JVM has not ended half a second after the grace, be it for a stop hook or for a
 * shutdown hook of somebody else, it is halted with exit code 137, as if it had been killed: what still runs is cut off.
 * So the grace must have room for all that the JVM does on its way out. {@code System.exit} in a stop hook is allowed: it
 * never returns, so this hook lasts until its time is over, and the others run beside it; when the JVM is shutting down
 * already, the exit code stays what it was.
 *
 * <h2>Under the launcher</h2>
 *
 * <p>When {@code holdfast run} has started this very process as the server of the same instance (the same lock file), the
 * guard is there already and is the launcher's: {@code acquire} succeeds and says so in the log, {@link #launcher} names
 * it, the stop hooks run as ever, and the launcher writes the record, mends the file and releases. A process that merely
 * descends from the guarded server, such as one that a script has started without {@code exec}, gets
 * {@link AlreadyRunningException}: there could be two of them.
 *
 * <h2>Details</h2>
 *
 * <p>Linux only. Safe for use by many threads. Logs through {@link System.Logger} {@code dev.holdfast}; during a shutdown
 * java.util.logging may be closed before the last line is written. Makes two threads: a daemon that looks at the path,
 * and a shutdown hook that is started when its time has come. With {@link OnConflict#ACTIVATE} there is one more daemon, and
 * one while a second launch is being told.
 */
public final class Holdfast implements AutoCloseable {
    private final String name;
    private final Path lockFile;
    private final Ownership lock;
    private final String claim;
    private final StopHooks hooks;
    private final Duration grace;
    private final PathWatch watch;
    private final ShutdownStop shutdownHook;
    private final CountDownLatch released = new CountDownLatch(1);
    private boolean stopping;
    private boolean shuttingDown;

    Holdfast(
            String name,
            Path lockFile,
            Ownership lock,
            String claim,
            StopHooks hooks,
            Duration grace,
            PathWatch watch) {
        this.name = name;
        this.lockFile = lockFile;
        this.lock = lock;
        this.claim = claim;
        this.hooks = hooks;
        this.grace = grace;
        this.watch = watch;
        shutdownHook = new ShutdownStop(this, name, grace);
    }

    /**
     * Begins a guard for an instance.
     *
     * @param name 1 to 64 letters, digits, dots, underscores or hyphens, as {@code holdfast run --name} has it
     * @return a builder, which does nothing before {@link HoldfastBuilder#acquire}
     * @throws IllegalArgumentException if the name is none
     */
    public static HoldfastBuilder named(String name) {
        return new HoldfastBuilder(name);
    }

    /** From now on the JVM's shutdown stops it. When the JVM is shutting down already, the lock is given back. */
    void begin() {
        try {
            Runtime.getRuntime().addShutdownHook(shutdownHook);
        } catch (IllegalStateException e) {
            lock.release();
            Claims.release(claim);
            throw e;
        }
        watch.start();
    }

    /** The instance. */
    public String name() {
        return name;
    }

    /**
     * This run of the instance: it stands in the record and in what other Holdfasts log.
     *
     * @return such as {@code 12345-a1b2c3d4}
     */
    public String instanceId() {
        return lock.instanceId();
    }

    /**
     * Where the lock is.
     *
     * @return the absolute path
     */
    public Path lockFile() {
        return lockFile;
    }

    /**
     * The launcher that guards this process, see "Under the launcher" above.
     *
     * @return its pid; empty when this process took the lock itself, or the launcher has become this process
     */
    public OptionalLong launcher() {
        return lock.launcher();
    }

    /**
     * Has second launches be told to this program from now on: to be called once it can take them, when its window is made,
     * say. Those that came since {@link HoldfastBuilder#acquire} have waited until now, a minute at the most. To be used with
     * {@link OnConflict#ACTIVATE}, by which a second launch hands over its arguments; {@code holdfast run --on-conflict
     * activate} can do that, too. The second time it takes the place of the first.
     *
     * <p>Under the launcher it is the launcher that takes second launches, and this does nothing; that is logged.
     *
     * @param handler is told
     * @throws IllegalStateException if this was acquired with another policy
     */
    public void onActivate(ActivationHandler handler) {
        java.util.Objects.requireNonNull(handler, "handler");
        String obstacle = lock.activateBy(launch -> {
            ActivationAnswer answer = handler.activated(new Activation(launch));
            return new LaunchReceiver.Answer(answer.exitCode(), answer.text());
        });
        if (obstacle.isEmpty()) {
            return;
        }
        if (lock instanceof OwnLock) {
            throw new IllegalStateException("\"" + name + "\" takes no second launches: " + obstacle);
        }
        Log.warn("\"" + name + "\" takes no second launches: " + obstacle);
    }

    /**
     * Whether the lock is held now. Looks, each time, whether the path still leads to the very file that is locked, by
     * device and inode; changes nothing. Some microseconds; under a launcher some more.
     *
     * @return false after the release, and while the lock file is removed or replaced: see {@link LostLock}
     */
    public boolean isHeld() {
        return released.getCount() > 0 && lock.isHeld();
    }

    /**
     * Stops: runs the stop hooks, then releases; see above. Blocks for the grace at the most. Does nothing the second
     * time; while another thread stops, it waits for that one, but not in a stop hook, and not when the JVM is shutting
     * down, whose stop may be waiting for this thread. Fails never: what goes wrong is logged.
     */
    @Override
    public void close() {
        synchronized (this) {
            if (stopping) {
                if (!shuttingDown && !StopHooks.isCallerAHook()) {
                    awaitOther();
                }
                return;
            }
            stopping = true;
        }
        stop();
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException e) {
            Log.info("\"" + name + "\" was closed while the JVM shuts down");
        }
    }

    /** For the JVM's shutdown. */
    void stopInShutdown() {
        boolean begun;
        synchronized (this) {
            shuttingDown = true;
            notifyAll(); // wake threads that wait in close()
            begun = stopping;
            stopping = true;
        }
        if (begun) {
            awaitRelease();
        } else {
            stop();
        }
    }

    private void stop() {
        Log.info("stopping \"" + name + "\" instance=" + instanceId() + " grace=" + grace.toMillis() + "ms");
        lock.stopping();
        hooks.run(grace);
        watch.end();
        synchronized (this) {
            if (shuttingDown) {
                lock.releaseAtExit();
            } else {
                lock.release();
            }
            released.countDown();
            notifyAll();
        }
        Claims.release(claim);
    }

    /** Releases at once, instead of the ordered stop. */
    void releaseBeforeHalt() {
        lock.release();
    }

    private synchronized void awaitOther() {
        boolean interrupted = false;
        while (released.getCount() > 0 && !shuttingDown) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The watchdog is awake, so this needs no deadline of its own. */
    private void awaitRelease() {
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
