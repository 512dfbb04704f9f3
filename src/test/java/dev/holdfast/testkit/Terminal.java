package dev.holdfast.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A program on a pseudo-terminal of its own, which says {@code <exit CODE>} when it has ended. */
public final class Terminal {
    private Terminal() {}

    /** Starts it, or skips the test where there is nothing to make pseudo-terminals with. */
    public static Child start(List<String> command) {
        return start(new ProcessBuilder(command));
    }

    /** Starts what a builder describes. */
    public static Child start(ProcessBuilder builder) {
        Programs.require("python3");
        List<String> words = new ArrayList<>(
                List.of("python3", Launcher.resource("terminal.py").toString()));
        words.addAll(builder.command());
        builder.command(words);
        builder.environment().put("TERM", "dumb");
        return Child.start(builder);
    }

    /** Presses keys. */
    public static void type(Child terminal, String keys) {
        try {
            terminal.stdin().write(keys.getBytes(StandardCharsets.UTF_8));
            terminal.stdin().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
