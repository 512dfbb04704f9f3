package dev.holdfast.command;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The environment of somebody who asks for a redeploy, as a server gets it: without what belongs to the asking process's
 * own supervision, such as the sockets of its unit.
 *
 * @see <a href="https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html">systemd.exec(5), "Environment
 *     Variables in Spawned Processes"</a>
 */
public final class CallersEnvironment {
    private static final List<String> NAMES = List.of("NOTIFY_SOCKET", "INVOCATION_ID", "JOURNAL_STREAM");
    private static final List<String> BEGINNINGS = List.of("WATCHDOG_", "LISTEN_", "HOLDFAST_");
    /** What differs from one command line to the next and means nothing to a server. */
    private static final List<String> OF_SHELLS = List.of("_", "SHLVL", "PWD", "OLDPWD");

    private CallersEnvironment() {}

    /** Without what belongs to the caller's supervision. */
    public static Environment forServer(Environment callers) {
        List<byte[]> kept = new ArrayList<>();
        for (byte[] entry : callers.entries()) {
            if (!isOfSupervision(name(entry))) {
                kept.add(entry);
            }
        }
        return Environment.of(kept);
    }

    /** Whether two environments are the same to a server, in whatever order. */
    public static boolean isSame(Environment one, Environment other) {
        return meaning(one).equals(meaning(other));
    }

    private static Set<String> meaning(Environment environment) {
        Set<String> all = new HashSet<>();
        for (byte[] entry : environment.entries()) {
            if (!isOfSupervision(name(entry)) && !OF_SHELLS.contains(name(entry))) {
                all.add(new String(entry, StandardCharsets.ISO_8859_1));
            }
        }
        return all;
    }

    private static boolean isOfSupervision(String name) {
        for (String beginning : BEGINNINGS) {
            if (name.startsWith(beginning)) {
                return true;
            }
        }
        return NAMES.contains(name);
    }

    private static String name(byte[] entry) {
        String text = new String(entry, StandardCharsets.ISO_8859_1);
        int equals = text.indexOf('=');
        return equals < 0 ? text : text.substring(0, equals);
    }
}
