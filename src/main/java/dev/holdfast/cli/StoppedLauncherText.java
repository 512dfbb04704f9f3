package dev.holdfast.cli;

/** Why a launcher that was stopped by job control or a debugger does nothing, and what to do. */
final class StoppedLauncherText {
    private StoppedLauncherText() {}

    /** Two lines, the first of them the end of a sentence. */
    static String of(int pid) {
        return "its launcher, pid " + pid + ", was stopped (SIGSTOP, job control or a debugger) and answers nothing"
                + "\n  what now   kill -CONT " + pid + "      and try again";
    }
}
