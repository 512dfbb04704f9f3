package dev.holdfast.commands.instances;

import dev.holdfast.console.Console;
import dev.holdfast.posix.files.Terminal;
import dev.holdfast.waiting.EventWait;
import java.util.function.Supplier;

/**
 * Shows a list until it is interrupted: on a terminal over the one before, line by line, so that nothing flickers; elsewhere
 * once more each time that something has happened.
 */
final class PsWatch {
    private static final int STDOUT = 1;
    private static final int PERIOD_MILLIS = 1000;

    private static final String CLEAR = "\033[2J";
    private static final String HOME = "\033[H";
    private static final String REST_OF_LINE = "\033[K";
    private static final String REST_OF_SCREEN = "\033[J";

    private final Supplier<PsCommand.Listing> look;

    PsWatch(Supplier<PsCommand.Listing> look) {
        this.look = look;
    }

    /** Until a signal ends the process, or nobody reads any more. */
    void run() {
        EventWait wait = new EventWait(null, false);
        boolean isTerminal = Terminal.columns(STDOUT).isPresent();
        String before = "";
        boolean isFirst = true;
        boolean isSeen = true;
        while (isSeen) {
            PsCommand.Listing now = look.get();
            if (isTerminal) {
                int rows = Terminal.rows(STDOUT).orElse(Integer.MAX_VALUE);
                isSeen = Console.draw((isFirst ? CLEAR : "") + screen(now.text(), rows));
            } else if (isFirst || !now.essence().equals(before)) {
                isSeen = Console.draw((isFirst ? "" : "\n") + now.text() + "\n");
            }
            isFirst = false;
            before = now.essence();
            wait.pause(PERIOD_MILLIS);
        }
    }

    /**
     * All lines in place of those that are there.
     *
     * @param rows what the terminal has: what is more would scroll
     */
    static String screen(String text, int rows) {
        StringBuilder screen = new StringBuilder(HOME);
        String[] lines = text.split("\n", -1);
        int most = Math.min(lines.length, Math.max(1, rows - 1));
        for (int i = 0; i < most; i++) {
            screen.append(lines[i]).append(REST_OF_LINE).append(i < most - 1 ? "\n" : "");
        }
        return screen.append(REST_OF_SCREEN).toString();
    }
}
