package dev.holdfast.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;

/**
 * What two containers with a shared volume are to each other, without images: processes in pid, host name, IPC and network
 * namespaces of their own, on the same files. Needs root.
 */
public final class Box {
    private static final List<String> PRIVATE =
            List.of("unshare", "--pid", "--fork", "--kill-child", "--mount-proc", "--uts", "--ipc", "--net");

    private final String host;

    private Box(String host) {
        this.host = host;
    }

    /** A box with a host name; skips the test where there are no private namespaces. */
    public static Box named(String host) {
        List<String> words = new ArrayList<>(PRIVATE);
        words.add("true");
        try (Child probe = Child.start(new ProcessBuilder(words))) {
            assumeTrue(probe.awaitExit() == 0, "needs namespaces of its own: " + probe.stderr());
        }
        return new Box(host);
    }

    /** {@code holdfast WORDS} as pid 1 of a new namespace. */
    public Child holdfast(Launcher launcher, List<String> words) {
        return start(launcher.builder(words));
    }

    /** Any command as pid 1 of a new namespace. */
    public Child start(ProcessBuilder builder) {
        List<String> all = new ArrayList<>(PRIVATE);
        all.addAll(List.of("sh", "-c", "hostname \"$0\"; exec \"$@\"", host));
        all.addAll(builder.command());
        return Child.start(builder.command(all));
    }

    /** {@code holdfast run} of "orders" in there. */
    public Child run(Launcher launcher, List<String> options, List<String> command) {
        String lockFile = launcher.lockFile("orders").toString();
        List<String> words = new ArrayList<>(List.of("run", "--lock-file", lockFile, "--name", "orders"));
        words.addAll(options);
        words.add("--");
        words.addAll(command);
        return holdfast(launcher, words);
    }

    /** What is pid 1 in there, as it is seen from outside. */
    public static long pidOne(Child box) {
        return Processes.children(box.pid()).get(0);
    }
}
