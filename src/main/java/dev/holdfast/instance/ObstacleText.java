package dev.holdfast.instance;

import dev.holdfast.control.Request;
import dev.holdfast.lock.file.Doubt;
import dev.holdfast.lock.file.HiddenServer;
import dev.holdfast.text.Durations;

/** Obstacles and refusals in half a sentence: for the launcher's user, who has flags, or for the library's, who has none. */
public final class ObstacleText {
    /** Why nothing more is known of a holder of which only the interlock is seen. */
    public static final String LOST =
            "its lock file was removed or replaced, and the process that holds its interlock cannot be looked into from here";

    private ObstacleText() {}

    /** For the command line. */
    public static String withFlags(Obstacle obstacle) {
        if (obstacle instanceof Obstacle.NoLauncher) {
            return noLauncher(" (--handoff exec)");
        }
        return of(obstacle);
    }

    /** Why it could not be proved who holds a lock. */
    public static String of(Doubt doubt) {
        if (doubt instanceof Doubt.Opaque opaque) {
            return "it cannot be proved: cannot look into process " + opaque.pid() + " of \"" + opaque.instance()
                    + "\": " + opaque.failure().text();
        }
        return switch ((Doubt.Plain) doubt) {
            case STARTING -> "it is just starting, and has not written yet who it is";
            case UNREADABLE_RECORD ->
                "its record in the lock file cannot be read, or is of another boot or pid namespace";
            case LET_GO_BY_LAUNCHER -> "its launcher lives, but does not hold the lock any more";
            case HELD_BY_STRANGER ->
                "its lock is held by a process that is neither its launcher nor its server, nor of the server's"
                        + " process group, nor started by it";
            case ELSEWHERE ->
                "it lives in another pid namespace (another container?), where its pid means nothing here";
            case UNSEEN ->
                "no process that can be looked into from here holds it: it lives in another pid namespace, or belongs to"
                        + " another user, or is not a Holdfast launcher";
            case PASSED_ON -> "its lock passes from hand to hand faster than a holder can be looked at";
        };
    }

    /** Why it cannot be told whether a server lives. */
    public static String of(HiddenServer server) {
        return "cannot look into process " + server.pid() + ", which may be its server: "
                + server.failure().text();
    }

    private static String noLauncher(String how) {
        return "it runs without a launcher" + how + ", so there is nobody to be asked to yield";
    }

    private static String of(Obstacle obstacle) {
        if (obstacle instanceof Obstacle.Newer) {
            return "it started after this one did, so it is the newer";
        }
        if (obstacle instanceof Obstacle.NotVerified) {
            return "a holder that cannot be verified is never signalled";
        }
        if (obstacle instanceof Obstacle.Inside) {
            return "this command runs inside of it";
        }
        if (obstacle instanceof Obstacle.OtherFolder other) {
            // Of the command line only: the library's instances have names that somebody gave them.
            return "nobody gave it the name \"" + other.name()
                    + "\": it was taken from the folder or the program, and that instance runs in "
                    + place(other.where()) + "; if you mean it, say so by --name " + other.name();
        }
        if (obstacle instanceof Obstacle.NoLauncher) {
            return noLauncher("");
        }
        if (obstacle instanceof Obstacle.OutOfReach process) {
            return process.why();
        }
        if (obstacle instanceof Obstacle.NotActivated untold) {
            return untold.why();
        }
        if (obstacle instanceof Obstacle.Unkillable unkillable) {
            return "process " + unkillable.pids() + " does not die of SIGKILL";
        }
        return obstacle instanceof Obstacle.MayBeStranger stranger ? stranger(stranger) : ofRequest(obstacle);
    }

    private static String place(Obstacle.OtherFolder.Place where) {
        return switch (where) {
            case OTHER_CONTAINER -> "another container";
            case OTHER_FOLDER -> "another folder";
            case UNKNOWN -> "a folder that cannot be told";
        };
    }

    private static String stranger(Obstacle.MayBeStranger stranger) {
        String unreadable = stranger.unreadable().text();
        return (unreadable.isEmpty()
                        ? "pid " + stranger.pid()
                                + " is named by the record, but has not this instance's id in its environment, so it"
                                + " may be a stranger"
                        : "cannot look into process " + stranger.pid() + ": " + unreadable
                                + "; so it may be a stranger")
                + "; look at it, and end it by hand";
    }

    private static String ofRequest(Obstacle obstacle) {
        if (obstacle instanceof Obstacle.NoAnswer none) {
            return (none.asked() == Request.YIELD ? "it was asked to yield, and " : "") + "there was no answer by "
                    + none.socket() + " within " + Durations.text(none.within());
        }
        if (obstacle instanceof Obstacle.Declined declined) {
            return (declined.asked() == Request.YIELD ? "it was asked to yield and refused: " : "it refused: ")
                    + declined.why();
        }
        if (obstacle instanceof Obstacle.Unfinished unfinished) {
            return (unfinished.asked() == Request.YIELD
                            ? "it was asked to yield, and it has not ended within "
                            : "it was asked to stop, and has not ended within ")
                    + Durations.text(unfinished.within());
        }
        throw new IllegalArgumentException(obstacle.toString());
    }

    /** For the library: why nobody was ended, or why nothing more is known; empty when there is nothing to say. */
    public static String reason(Refusal refusal) {
        if (refusal.obstacle().isPresent()) {
            return of(refusal.obstacle().get());
        }
        Incumbent incumbent = refusal.incumbent();
        if (incumbent instanceof Incumbent.Unverified unverified) {
            return of(unverified.doubt());
        }
        if (incumbent instanceof Incumbent.Unseen unseen) {
            return of(unseen.server());
        }
        if (incumbent instanceof Incumbent.Detached) {
            return "processes of it live on without the lock";
        }
        if (incumbent instanceof Incumbent.Around) {
            return "this start runs inside that very instance";
        }
        return incumbent instanceof Incumbent.Fileless fileless
                ? "its lock file was removed or replaced"
                        + (fileless.pids().isEmpty() ? "" : "; look at pid " + fileless.pids())
                : "";
    }
}
