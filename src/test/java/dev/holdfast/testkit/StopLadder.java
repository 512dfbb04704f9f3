package dev.holdfast.testkit;

import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.signals.Signals;
import java.time.Duration;

/**
 * What a client does to end a server, step by step, as in "EOF 2000 TERM 2000 -KILL": the end of its input, a signal, one
 * to its whole process group, or a wait of so many milliseconds, after which a server that has ended is left alone.
 */
public final class StopLadder {
    private StopLadder() {}

    /** What the steps are done to. */
    public interface Server {
        long pid();

        void closeStdin();

        boolean endsWithin(Duration atMost);
    }

    /**
     * Does all of it.
     *
     * @return whether the server ended before the last step
     */
    public static boolean climb(String steps, Server server) {
        for (String step : steps.split(" ")) {
            boolean isPause = Character.isDigit(step.charAt(0));
            if (isPause && server.endsWithin(Duration.ofMillis(Long.parseLong(step)))) {
                return true;
            }
            if (step.equals("EOF")) {
                server.closeStdin();
            } else if (!isPause) {
                boolean toGroup = step.charAt(0) == '-';
                int signal = Signals.parse(toGroup ? step.substring(1) : step).orElseThrow();
                Self.kill((int) (toGroup ? -server.pid() : server.pid()), signal);
            }
        }
        return false;
    }
}
