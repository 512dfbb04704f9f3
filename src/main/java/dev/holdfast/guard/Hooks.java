package dev.holdfast.guard;

import dev.holdfast.posix.Signals;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.supervise.ReadyCommandStarter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The shell commands around the server, and what they are told: {@code HOLDFAST_HOOK} which it is, the instance's own
 * variables, and what each has to know. Their text is in no message. Not safe for use by many threads.
 */
final class Hooks {
    private final GuardSettings settings;
    private final Environment environment;
    private final EventWait wait;
    private final Journal journal;

    /**
     * The commands of an instance.
     *
     * @param environment the server's, with the instance's variables
     */
    Hooks(GuardSettings settings, Environment environment, EventWait wait, Journal journal) {
        this.settings = settings;
        this.environment = environment;
        this.wait = wait;
        this.journal = journal;
    }

    /**
     * Runs the one before the server's start, under the lock. Blocks until it has ended, its time is over, or a stop
     * request has come and it has had the grace period.
     *
     * @return why the server must not be started; empty when it may be
     */
    Optional<GuardOutcome> preStart() {
        String text = settings.hooks().preStart();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Hook.Result result = hook(text, "pre-start", Map.of()).run(wait);
        tellOfLeft("pre-start", result);
        if (wait.isStopRequested()) {
            return Optional.of(wait.interrupted());
        }
        return result.isSuccess()
                ? Optional.empty()
                : Optional.of(new GuardOutcome.NotPrepared(
                        "cannot start \"" + settings.name() + "\": its pre-start command " + result.problem()));
    }

    /**
     * Runs the one after the server's end, under the lock. Blocks until it has ended or its time is over; a stop request
     * does not end it, since it is part of the stop. Its failure is told, and changes nothing.
     *
     * @param serverPid who the server was
     * @param status how it ended
     */
    void postStop(int serverPid, ExitStatus status) {
        String text = settings.hooks().postStop();
        if (text.isEmpty()) {
            return;
        }
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("HOLDFAST_SERVER_PID", Integer.toString(serverPid));
        variables.put("HOLDFAST_EXIT_CODE", status.signal() == 0 ? Integer.toString(status.code()) : "");
        variables.put("HOLDFAST_EXIT_SIGNAL", status.signal() == 0 ? "" : Signals.name(status.signal()));
        tell("post-stop", hook(text, "post-stop", variables).run(null));
    }

    /**
     * Runs the one for a start that gives way. Blocks until it has ended, its time is over, or a stop request has come.
     *
     * @param holderPid who holds the lock; 0 when that could not be proved
     */
    void onConflict(int holderPid) {
        String text = settings.hooks().onConflict();
        if (text.isEmpty()) {
            return;
        }
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("HOLDFAST_HOLDER_PID", holderPid == 0 ? "" : Integer.toString(holderPid));
        tell("on-conflict", hook(text, "on-conflict", variables).run(wait));
    }

    /** What starts the one that tells whether the server is ready. */
    ReadyCommandStarter ready(String text) {
        return new ReadyHook(hook(text, "ready", Map.of()));
    }

    private Hook hook(String text, String kind, Map<String, String> more) {
        Map<String, String> variables = new LinkedHashMap<>(more);
        variables.put("HOLDFAST_HOOK", kind);
        return new Hook(
                text,
                environment.with(variables),
                settings.process(),
                settings.hooks().timeout(),
                settings.grace());
    }

    private void tell(String kind, Hook.Result result) {
        tellOfLeft(kind, result);
        if (!result.isSuccess()) {
            journal.open();
            journal.warn("the " + kind + " command of \"" + settings.name() + "\" " + result.problem());
        }
    }

    private void tellOfLeft(String kind, Hook.Result result) {
        if (!result.left().isEmpty()) {
            journal.open();
            journal.warn(
                    "the " + kind + " command of \"" + settings.name() + "\" left something behind: " + result.left());
        }
    }
}
