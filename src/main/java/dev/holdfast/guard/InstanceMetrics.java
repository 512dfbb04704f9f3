package dev.holdfast.guard;

import dev.holdfast.command.Environment;
import dev.holdfast.console.ExitCode;
import dev.holdfast.journal.Journal;
import dev.holdfast.posix.processes.Children;
import dev.holdfast.settings.MetricsSettings;
import dev.holdfast.supervise.EventSource;
import dev.holdfast.supervise.HelperProcess;
import dev.holdfast.supervise.InstanceEvent;
import dev.holdfast.supervise.InstanceListener;
import dev.holdfast.supervise.PollSlots;
import dev.holdfast.supervise.Supervisor;
import dev.holdfast.waiting.Ticker;
import java.io.File;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Health and metrics of the instance over HTTP, by a process of its own, so that the launcher stays small. It is started after
 * the server, ended with it, and started again with the next one, so that nothing but the server's own is left when that has
 * ended. A port that is taken is one warning; it is tried again, ever less often. Not safe for use by many threads.
 */
final class InstanceMetrics implements EventSource, InstanceListener, AutoCloseable {
    /** Of the application; bin/holdfast sets it. */
    private static final String LIBRARIES = "holdfast.more";

    private static final Duration PAUSE = Duration.ofSeconds(1);
    /** Twice as long each time: a try is the start of a JVM. */
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    private final MetricsSettings settings;
    private final List<String> words;
    private final Environment environment;
    private final Supervisor supervisor;
    private final Journal journal;
    private final Ticker ticker;
    private @Nullable HelperProcess process;
    private boolean isServerUp = true;
    private boolean isOver;
    private long startAt;
    private Duration taken = Duration.ZERO;

    /**
     * Nothing is started yet.
     *
     * @param instanceId the instance to tell of
     * @param registry where it is registered; empty for the usual folder
     * @param environment what the launcher was started with
     */
    InstanceMetrics(
            MetricsSettings settings,
            String instanceId,
            Optional<String> registry,
            Environment environment,
            Supervisor supervisor,
            Journal journal,
            Ticker ticker) {
        this.settings = settings;
        // The script has not passed on who chose the launcher's Java
        Environment withJava = environment.with(Map.of("HOLDFAST_JAVA_HOME", System.getProperty("java.home", "")));
        this.environment = registry.isPresent()
                ? withJava.with(Map.of("HOLDFAST_INSTANCE__TRACKING_DIR", registry.get()))
                : withJava;
        this.supervisor = supervisor;
        this.journal = journal;
        this.ticker = ticker;
        startAt = ticker.nanoTime() + Guard.FIRST_LOOK.toNanos();
        String libraries = System.getProperty(LIBRARIES, "");
        words = List.of(
                new File(libraries).getAbsoluteFile().getParentFile().getParent() + "/bin/holdfast",
                "serve",
                "--instance",
                instanceId,
                "--host",
                settings.address(),
                "--port",
                Integer.toString(settings.port()));
    }

    @Override
    public int slots() {
        return 0;
    }

    @Override
    public void arm(PollSlots slots) {}

    @Override
    public void serve(PollSlots slots) {
        HelperProcess running = process;
        if (running != null && running.status().isPresent()) {
            ended(running);
        } else if (running == null && ticker.nanoTime() >= startAt && isServerUp && !isOver) {
            start();
        }
    }

    private void start() {
        MetricsProcess started = MetricsProcess.start(words, environment);
        if (started.pid() > 0) {
            process = new HelperProcess(started);
        } else {
            started.close();
            giveUp("its process cannot be started");
        }
    }

    private void ended(HelperProcess running) {
        int code = running.status().orElseThrow().shellCode();
        boolean wasKilled = running.isKilled();
        running.close();
        process = null;
        if (wasKilled) {
            return; // by this launcher, for a server that has its time already
        }
        startAt = ticker.nanoTime() + PAUSE.toNanos();
        if (code == ExitCode.UNAVAILABLE.number()) {
            tryLater();
        } else if (running.status().orElseThrow().signal() == 0) {
            giveUp("its process has ended with code " + code);
        }
    }

    private void tryLater() {
        if (taken.isZero()) {
            journal.warn("the metrics are not served: it cannot listen on " + settings.address() + ":" + settings.port()
                    + ", which may be taken; it tries again, ever less often");
        }
        Duration twice = taken.isZero() ? PAUSE.multipliedBy(2) : taken.multipliedBy(2);
        taken = twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
        startAt = ticker.nanoTime() + taken.toNanos();
    }

    private void giveUp(String why) {
        isOver = true;
        journal.warn("the metrics are not served: " + why);
    }

    @Override
    public long deadline() {
        HelperProcess running = process;
        if (running != null) {
            return running.status().isPresent() ? ticker.nanoTime() : Ticker.NEVER;
        }
        return isServerUp && !isOver ? startAt : Ticker.NEVER;
    }

    @Override
    public void childChanged(Children.News news) {
        if (process != null) {
            process.heard(news);
        }
    }

    @Override
    public void started(InstanceEvent.Started event) {
        isServerUp = true;
        startAt = ticker.nanoTime() + Guard.FIRST_LOOK.toNanos();
    }

    @Override
    public void ended(InstanceEvent.Ended event) {
        isServerUp = false;
        killAsHelper();
    }

    /** The one that stays goes on being measured, by another process: this one was there before it, as what the other has left. */
    @Override
    public void beside(InstanceEvent.Beside event) {
        if (event.event() instanceof InstanceEvent.Ended) {
            killAsHelper();
            startAt = ticker.nanoTime() + PAUSE.toNanos();
        } else if (event.event() instanceof InstanceEvent.Gone) {
            startAt = ticker.nanoTime(); // nothing is taken for what the other has left any more
        }
    }

    /** It is nothing that the server has left. */
    private void killAsHelper() {
        if (process != null) {
            supervisor.helpersWereKilled(process.kill());
        }
    }

    @Override
    public void close() {
        if (process != null) {
            var unused = process.kill();
            process.close();
            process = null;
        }
    }
}
