package dev.holdfast.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program that runs a server as its child: ours, and those that it is measured by. */
public enum Wrapper {
    HOLDFAST,
    /** With {@code -s}, as a subreaper. */
    TINI,
    /** In its default mode, where the server has a session of its own. */
    DUMB_INIT;

    /** Under JDK 17 all that a test starts has QUIT blocked, and wrappers that pass on their own mask pass it on. */
    private static final List<String> CLEAN_MASK =
            List.of("perl", "-MPOSIX", "-e", "sigprocmask(SIG_SETMASK, POSIX::SigSet->new); exec @ARGV; die");

    /**
     * The words before the server's command. Skips the test when the wrapper is not installed.
     *
     * @param locks a lock folder of the test's own
     */
    public List<String> words(Path locks, String... options) {
        List<String> words = new ArrayList<>();
        switch (this) {
            case HOLDFAST -> {
                words.addAll(Launcher.in(locks).wordsOfRun("--grace", "50s"));
                words.remove(words.size() - 1); // the options come before its end of options
            }
            case TINI -> words.addAll(List.of(Programs.require("tini"), "-s"));
            case DUMB_INIT -> words.add(Programs.require("dumb-init"));
        }
        words.addAll(List.of(options));
        words.add("--");
        return words;
    }

    /** The words for a server, below others such as {@code nohup}. */
    public List<String> below(List<String> outer, Path locks, List<String> server) {
        List<String> words = new ArrayList<>(outer);
        words.addAll(words(locks));
        words.addAll(server);
        return words;
    }

    /** Starts a server. */
    public Child start(Path locks, List<String> server) {
        return start(List.of(), locks, server);
    }

    /** Starts a server, below others such as {@code nohup}. */
    public Child start(List<String> outer, Path locks, List<String> server) {
        List<String> words = new ArrayList<>(CLEAN_MASK);
        words.addAll(below(outer, locks, server));
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().keySet().removeIf(name -> name.startsWith("HOLDFAST_"));
        builder.environment().put("HOLDFAST_HOME", Launcher.home(locks).toString());
        return Child.start(builder);
    }
}
