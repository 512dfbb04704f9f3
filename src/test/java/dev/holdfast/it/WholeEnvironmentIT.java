package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server's whole environment is its caller's, whatever shell bin/holdfast runs in. */
@Timeout(180)
class WholeEnvironmentIT {
    /** What the shells set themselves, as the page of limits has it. */
    private static final Set<String> OF_THE_SHELL =
            Set.of("PWD", "OLDPWD", "SHLVL", "_", "IFS", "OPTIND", "PPID", "PS1", "PS2", "PS4", "A__z", "LOGNAME");
    /** What Holdfast gives every server. */
    private static final Set<String> OF_THE_SERVER =
            Set.of("HOLDFAST_NAME", "HOLDFAST_INSTANCE_ID", "HOLDFAST_LOCK_FILE", "NOTIFY_SOCKET");

    @TempDir
    Path locks;

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "busybox sh", "ksh", "zsh"})
    void isTheCallers(String shell) throws IOException {
        List<String> words = new ArrayList<>(List.of(shell.split(" ")));
        Programs.require(words.get(0));
        words.add(Launcher.executable().toString());
        words.addAll(List.of("run", "-q", "--lock-dir", locks.toString(), "-n", "orders", "--", "env"));
        ProcessBuilder builder = new ProcessBuilder(words);
        Map<String, String> environment = builder.environment();
        for (String name : List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS")) {
            environment.put(name, "");
        }
        environment.put("LC_ALL", "C");
        for (String name : variablesOfTheScript()) {
            environment.put(name, "the user's \"" + name + "\" $x `y`");
        }
        environment.put("holdfast_other", "the user's");
        for (String name : List.of("LC_ALL", "PARENT_PID", "DESCRIPTORS", "BEGAN", "OTHER")) {
            environment.put("HOLDFAST_KEPT_" + name, "kept " + name);
            environment.put("HOLDFAST_SET_" + name, "3,");
        }
        environment.keySet().removeIf(name -> !name.matches("[A-Za-z_][A-Za-z0-9_]*")); // dash drops them
        environment.values().removeIf(value -> value.indexOf('\n') >= 0);
        Map<String, String> expected = new TreeMap<>(environment);
        expected.keySet().removeAll(OF_THE_SHELL);
        try (Child run = Child.start(builder)) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            Map<String, String> seen = new TreeMap<>();
            for (String line : run.stdout().split("\n")) {
                int equals = line.indexOf('=');
                seen.put(line.substring(0, equals), line.substring(equals + 1));
            }
            seen.keySet().removeAll(OF_THE_SHELL);
            seen.keySet().removeAll(OF_THE_SERVER);
            assertThat(seen).isEqualTo(expected);
        }
    }

    /** All that it sets, whether or not it remembers what the user had in them. */
    private static Set<String> variablesOfTheScript() throws IOException {
        String script = Files.readString(Launcher.executable());
        Set<String> names = Pattern.compile("(?m)\\b(holdfast_[a-z]+)=|for (holdfast_[a-z]+) in")
                .matcher(script)
                .results()
                .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(names).hasSizeGreaterThan(20);
        return names;
    }
}
