package dev.holdfast.cli;

import dev.holdfast.console.ExitCode;
import dev.holdfast.instance.NotDone;
import dev.holdfast.instance.ObstacleText;
import dev.holdfast.instance.Outcome;
import dev.holdfast.instance.Refusal;
import dev.holdfast.lock.file.LockFile;

/** What a stop, restart or reload tells that was not done: why, and what can be done; and what it exits with. */
final class NotDoneText {
    private static final String AGAIN = "\n  what now   try again in a moment";

    private final String verb;
    private final String name;
    private final LockFile lockFile;
    private final ConflictMessage message;

    /** For a command on an instance. */
    NotDoneText(String verb, Target target) {
        this.verb = verb;
        name = target.name();
        lockFile = target.lockFile();
        message = new ConflictMessage(name, lockFile);
    }

    /** Empty when all was done. */
    String of(Outcome outcome) {
        return outcome.why().isPresent() ? of(outcome.why().get()) : "";
    }

    private String of(NotDone why) {
        if (why instanceof NotDone.InTheWay stays) {
            return message.of(stays.refusal());
        }
        if (why instanceof NotDone.NotByLauncher asked) {
            return message.of(Refusal.ofStart(asked.incumbent())) + "\n  not done   "
                    + ObstacleText.withFlags(asked.obstacle());
        }
        if (why instanceof NotDone.Lost) {
            return message.ofLost(verb);
        }
        if (why instanceof NotDone.Foreign foreign) {
            return message.ofForeign(verb, foreign.owner());
        }
        if (why instanceof NotDone.Starting starting) {
            return cannot() + "it is just starting, pid " + starting.pid() + AGAIN;
        }
        if (why instanceof NotDone.Stopped stopped) {
            return cannot() + StoppedLauncherText.of(stopped.pid());
        }
        if (why instanceof NotDone.ServerOver over) {
            return cannot() + "its server has ended; pid " + over.pid()
                    + ", which holds the lock, is something that it left, or the next start" + AGAIN;
        }
        if (why instanceof NotDone.WithoutLauncher without) {
            return cannot() + "it runs without a launcher, pid " + without.pid() + startAgain();
        }
        if (why instanceof NotDone.NotReloadable reload) {
            return cannot()
                    + reload.why().words()
                    + (reload.hasLauncher()
                            ? "\n  what now   " + InstanceHint.command("restart", name, lockFile)
                            : startAgain());
        }
        if (why instanceof NotDone.NotStartable gone) {
            return cannot() + gone.why() + ", and the server would only be stopped\n  what now   bring it back, or "
                    + InstanceHint.command("redeploy", name, lockFile) + " -- COMMAND";
        }
        if (why instanceof NotDone.OutOfReach signal) {
            return "cannot signal \"" + name + "\": " + signal.why();
        }
        return ofEnd(why);
    }

    private String ofEnd(NotDone how) {
        if (how instanceof NotDone.EndedOfReload server) {
            return "\"" + name + "\" was told to reload, and its server, pid " + server.pid() + ", ended"
                    + "\n  look       its log, for the reason; many programs end at SIGHUP";
        }
        return how instanceof NotDone.EndedOfRestart
                ? "\"" + name + "\" ended instead of being started again\n  look       its log, for the reason"
                : "\"" + name + "\" has ended";
    }

    private String cannot() {
        return "cannot " + verb + " \"" + name + "\": ";
    }

    private String startAgain() {
        return "\n  what now   " + InstanceHint.command("stop", name, lockFile) + "      and start it again";
    }

    /** What the command exits with. */
    static ExitCode exitCode(Outcome.Result result, ExitCode ifNotRunning) {
        return switch (result) {
            case DONE, ASKED -> ExitCode.OK;
            case NOT_RUNNING -> ifNotRunning;
            case REFUSED -> ExitCode.CONFLICT;
            case FOREIGN -> ExitCode.UNSAFE;
            case ENDED -> ExitCode.UNAVAILABLE;
        };
    }
}
