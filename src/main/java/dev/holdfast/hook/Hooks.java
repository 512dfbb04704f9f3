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
        Hook.Result result = hook(text, "pre-start", Map.of()).run(wait);
        tellOfLeft("pre-start", result);
        return result.isSuccess() || wait.isStopRequested()
                ? ""
                : "cannot start \"" + name + "\": its pre-start command " + result.problem();
    }

    /**
     * Starts the one after the server's end, under the lock. A stop request does not end it, since it is part of the stop.
     * Its failure is told, and changes nothing.
     *
     * @param serverPid who the server was
     * @param status how it ended
     * @return the command, which runs; null when there is none, or it could not be started
     */
    public @Nullable PostStop postStop(int serverPid, ExitStatus status) {
        String text = commands.postStop();
        if (text.isEmpty()) {
            return null;
        }
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("HOLDFAST_SERVER_PID", Integer.toString(serverPid));
        variables.put("HOLDFAST_EXIT_CODE", status.signal() == 0 ? Integer.toString(status.code()) : "");
        variables.put("HOLDFAST_EXIT_SIGNAL", status.signal() == 0 ? "" : Signals.name(status.signal()));
        return PostStop.begin(this, hook(text, POST_STOP, variables));
    }

    /** A command after a server's end, which runs. Not safe for use by many threads. */
    public final class PostStop {
        private final Hook.Run run;

        private PostStop(Hook.Run run) {
            this.run = run;
        }

        /** Here and not above, where the verifier would load the exceptions on the way to the server. */
        private static @Nullable PostStop begin(Hooks hooks, Hook hook) {
            try {
                Hook.Run run = hook.begin();
                if (run.isRunning()) {
                    return hooks.new PostStop(run);
                }
                hooks.tell(POST_STOP, run.end());
            } catch (PosixException | ProcessSettingsException e) {
                // No descriptors left, or its folder is gone: the server has ended all the same.
                hooks.tell(POST_STOP, new Hook.Result("cannot be run: " + e.getMessage(), ""));
            }
            return null;
        }

        /**
         * What becomes readable when it has ended.
         *
         * @return a descriptor to poll
         */
        public int descriptor() {
            return run.descriptor();
        }

        /**
         * When its time is over.
         *
         * @return by {@link System#nanoTime}
         */
        public long deadline() {
            return run.deadline();
        }

        /**
         * A child was reaped, which may have been this one.
         *
         * @param news of whom
         */
        public void heard(Children.News news) {
            run.heard(news);
        }

        /**
         * Whether it has ended, or its time is over.
         *
         * @param now by {@link System#nanoTime}
         * @return true when it is to be finished
         */
        public boolean isOver(long now) {
            return now >= run.deadline() || run.hasEnded();
        }

        /** Ends what is left of it, and tells of its failure. Blocks until what gets SIGKILL is gone, two seconds at the most. */
        public void finish() {
            tell(POST_STOP, run.end());
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
        return new ActivationRun(hook, launch);
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
