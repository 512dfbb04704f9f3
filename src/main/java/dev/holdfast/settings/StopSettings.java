package dev.holdfast.settings;

import java.time.Duration;

/**
 * How a server is stopped.
 *
 * @param grace from the stop signal to SIGKILL; zero kills at once
 * @param signal what the server gets; 0 for the signal that the launcher received, TERM when it received none
 * @param killMode what is ended together with the server
 * @param launcherDeath what the server gets when the launcher is killed
 */
public record StopSettings(Duration grace, int signal, KillMode killMode, LauncherDeath launcherDeath) {
    /** Whether nothing of the server's tree outlives it. */
    public boolean killsTree() {
        return killMode == KillMode.TREE;
    }
}
