package dev.holdfast.hook;

import dev.holdfast.command.Environment;
import dev.holdfast.command.ProcessSettingsException;
import dev.holdfast.command.ServerContext;
import dev.holdfast.journal.Journal;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.processes.Children;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.settings.HookSettings;
import dev.holdfast.waiting.EventWait;
import dev.holdfast.waiting.Ticker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The shell commands around the server, and what they are told: {@code HOLDFAST_HOOK} which it is, the instance's own
 * variables, and what each has to know. Their text is in no message. Not safe for use by many threads.
 */
public final class Hooks {
    private static final String PRE_START = "pre-start";
    private static final String POST_STOP = "post-stop";

    private final String name;
    private final HookSettings commands;
    private final ServerContext context;
    private final Duration grace;
    private final Environment environment;
    private final EventWait wait;
    private final Journal journal;

    /**
     * The commands of an instance.
     *
     * @param name the instance
     * @param commands the shell commands, and how long each may take
     * @param context where and as whom they run, as the server
     * @param grace how long one may take after a stop request
     * @param environment the server's, with the instance's variables
     */
    public Hooks(
            String name,
            HookSettings commands,
            ServerContext context,
            Duration grace,
            Environment environment,
            EventWait wait,
            Journal journal) {
        this.name = name;
        this.commands = commands;
        this.context = context;
        this.grace = grace;
        this.environment = environment;
        this.wait = wait;
        this.journal = journal;
    }

    /**
     * Runs the one before the server's start, under the lock. Blocks until it has ended, its time is over, or a stop
     * request has come and it has had the grace period.
     *
     * @return why the server must not be started, on one line; empty when it may be, or a stop request has come
     */
    public String preStart() {
        String text = commands.preStart();
        if (text.isEmpty()) {
            return "";
        }
        Hook.Result result = hook(text, PRE_START, Map.of()).run(wait);
        tellOfLeft(PRE_START, result);
        return wait.isStopRequested() ? "" : obstacle(result);
    }

    private String obstacle(Hook.Result result) {
        return result.isSuccess() ? "" : "cannot start \"" + name + "\": its pre-start command " + result.problem();
    }

    /**
     * Runs a command that must succeed before something is done. Blocks until it has ended, or its time is over.
     *
     * @param text the shell command
     * @return what it did instead of succeeding, without its subject; empty when it succeeded
     */
    public String checkNow(String text) {
        Hook.Result result = hook(text, "check", Map.of()).run(wait);
        return result.isSuccess() ? "" : result.problem();
    }

    /**
     * Starts the one before the server's next start, under the lock.
     *
     * @param ticker the loop's
     * @return the command, which runs, or could not be started; null when there is none
     */
    public @Nullable HookRun beforeStart(Ticker ticker) {
        String text = commands.preStart();
        return text.isEmpty() ? null : new PreStart(text, ticker);
    }

    /** A command before a start, which runs: its failure is the obstacle. Not safe for use by many threads. */
    private final class PreStart implements HookRun {
        private final long startedAt;
        private Hook.@Nullable Run run;
        private String problem = "";
        private boolean stopRequested;

        PreStart(String text, Ticker ticker) {
            startedAt = ticker.nanoTime();
            try {
                run = hook(text, PRE_START, Map.of()).begin(ticker);
            } catch (PosixException | ProcessSettingsException e) {
                problem = "cannot be run: " + e.getMessage();
            }
        }

        @Override
        public int descriptor() {
            return run == null ? -1 : run.descriptor();
        }

        @Override
        public long deadline() {
            return run == null ? startedAt : run.deadline();
        }

        @Override
        public void childChanged(Children.News news) {
            if (run != null) {
                run.childChanged(news);
            }
        }

        @Override
        public void requestStop() {
            stopRequested = true;
            if (run != null) {
                run.requestStop();
            }
        }

        @Override
        public boolean isOver(long now) {
            return run == null || run.isOver(now);
        }

        @Override
        public String obstacle() {
            Hook.Result result = run == null ? new Hook.Result(problem, "") : run.end();
            tellOfLeft(PRE_START, result);
            return stopRequested ? "" : Hooks.this.obstacle(result);
        }
    }

    /**
     * Starts the one after the server's end, under the lock. A stop request does not end it, since it is part of the stop.
     * Its failure is told, and changes nothing.
     *
     * @param status how it ended
     * @param ticker the loop's
     * @return the command, which runs; null when there is none, or it could not be started
     */
    public @Nullable HookRun postStop(int serverPid, ExitStatus status, Ticker ticker) {
        String text = commands.postStop();
        if (text.isEmpty()) {
            return null;
        }
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("HOLDFAST_SERVER_PID", Integer.toString(serverPid));
        variables.put("HOLDFAST_EXIT_CODE", status.signal() == 0 ? Integer.toString(status.code()) : "");
        variables.put("HOLDFAST_EXIT_SIGNAL", status.signal() == 0 ? "" : Signals.name(status.signal()));
        return PostStop.begin(this, hook(text, POST_STOP, variables), ticker);
    }

    /** A command after a server's end, which runs. Not safe for use by many threads. */
    private static final class PostStop implements HookRun {
        private final Hooks hooks;
        private final Hook.Run run;

        private PostStop(Hooks hooks, Hook.Run run) {
            this.hooks = hooks;
            this.run = run;
        }

        /** Here and not above, where the verifier would load the exceptions on the way to the server. */
        private static @Nullable PostStop begin(Hooks hooks, Hook hook, Ticker ticker) {
            try {
                Hook.Run run = hook.begin(ticker);
                if (run.isRunning()) {
                    return new PostStop(hooks, run);
                }
                hooks.tell(POST_STOP, run.end());
            } catch (PosixException | ProcessSettingsException e) {
                // No descriptors left, or its folder is gone: the server has ended all the same.
                hooks.tell(POST_STOP, new Hook.Result("cannot be run: " + e.getMessage(), ""));
            }
            return null;
        }

        @Override
        public int descriptor() {
            return run.descriptor();
        }

        @Override
        public long deadline() {
            return run.deadline();
        }

        @Override
        public void childChanged(Children.News news) {
            run.childChanged(news);
        }

        /** It is part of a stop. */
        @Override
        public void requestStop() {}

        @Override
        public boolean isOver(long now) {
            return run.isOver(now);
        }

        /** None: its failure is told, and changes nothing. */
        @Override
        public String obstacle() {
            hooks.tell(POST_STOP, run.end());
            return "";
        }
    }

    /**
     * Runs the one for a start that gives way. Blocks until it has ended, its time is over, or a stop request has come.
     *
     * @param holderPid who holds the lock; 0 when that could not be proved
     */
    public void onConflict(int holderPid) {
        String text = commands.onConflict();
        if (text.isEmpty()) {
            return;
        }
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("HOLDFAST_HOLDER_PID", holderPid == 0 ? "" : Integer.toString(holderPid));
        tell("on-conflict", hook(text, "on-conflict", variables).run(wait));
    }

    /** What starts the one that tells whether the server is ready. */
    public ReadyCommandStarter ready(String text) {
        return ReadyHook.of(hook(text, "ready", Map.of()));
    }

    /**
     * Starts a command beside the server that must succeed before something is done. Its output is the launcher's.
     *
     * @param text the shell command
     * @return the run, to be closed when it has ended; its pid is not above 0 when it could not be started
     */
    public ReadyCommandStarter.Run check(String text) {
        return CheckRun.of(hook(text, "check", Map.of()));
    }

    /**
     * Starts the one that tells the server of a second launch, as the leader of a process group, and does not wait for it.
     *
     * @param text the shell command, which gets the arguments
     * @param launch whose they are
     * @param serverPid who is told
     * @return the run, to be closed when it has ended; its pid is the negated error number when it could not be started
     */
    public ReadyCommandStarter.Run activate(String text, SecondLaunch launch, int serverPid) {
        List<byte[]> variables = new ArrayList<>();
        variables.add(bytes("HOLDFAST_HOOK=activate"));
        variables.add(bytes("HOLDFAST_SERVER_PID=" + serverPid));
        variables.add(launch.folderVariable());
        Environment told = environment;
        for (String name : SecondLaunch.TOKENS) {
            told = told.without(name); // that of the launcher's own start was used up long ago
        }
        variables.addAll(launch.tokens());
        // The arguments are appended as the shell's own, so nothing in them is ever code.
        Hook hook = new Hook(text + " \"$@\"", told.with(variables), context, commands.timeout(), grace);
        return ActivationRun.of(hook, launch);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Hook hook(String text, String kind, Map<String, String> more) {
        Map<String, String> variables = new LinkedHashMap<>(more);
        variables.put("HOLDFAST_HOOK", kind);
        return new Hook(text, environment.with(variables), context, commands.timeout(), grace);
    }

    private void tell(String kind, Hook.Result result) {
        tellOfLeft(kind, result);
        if (!result.isSuccess()) {
            journal.open();
            journal.warn("the " + kind + " command of \"" + name + "\" " + result.problem());
        }
    }

    private void tellOfLeft(String kind, Hook.Result result) {
        if (!result.left().isEmpty()) {
            journal.open();
            journal.warn("the " + kind + " command of \"" + name + "\" left something behind: " + result.left());
        }
    }
}
