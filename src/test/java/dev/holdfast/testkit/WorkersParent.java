package dev.holdfast.testkit;

import java.io.IOException;
import java.util.List;

/** A Java server that starts a worker by a shell's script, and waits for it. */
public final class WorkersParent {
    private WorkersParent() {}

    /** Its command. */
    public static List<String> command(String script) {
        return LockChild.command(WorkersParent.class, script);
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        var unused =
                new ProcessBuilder("sh", "-c", arguments[0]).inheritIO().start().waitFor();
    }
}
