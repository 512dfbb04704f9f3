package dev.holdfast.commands.doctor;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.console.Console;
import dev.holdfast.console.ExitCode;
import dev.holdfast.json.jackson.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Tries what Holdfast promises, with a server of its own in a temporary folder: takes a lock, is refused, takes over, stops,
 * and looks what is left. It uses this very Holdfast as a user does, touches nothing else, and ends within a minute.
 */
final class SelfTest {
    private static final long PATIENCE_SECONDS = 40;
    private static final String UP = "up";
    private static final String SERVER = "echo " + UP + "; exec sleep 60";

    private final Map<String, Boolean> results = new LinkedHashMap<>();
    private final List<Process> started = new ArrayList<>();

    /** Tries it and prints what held; the exit code. */
    int execute(boolean isJson) {
        try {
            Path folder = Files.createTempDirectory("holdfast-selftest-");
            try {
                tryAll(folder);
            } finally {
                started.forEach(Process::destroy);
                remove(folder);
            }
        } catch (IOException | InterruptedException | URISyntaxException e) {
            Console.complain("the test could not be made: " + e.getMessage());
            return ExitCode.SYSTEM.number();
        }
        boolean isWell = !results.containsValue(false);
        Console.result(isJson ? json(isWell) : text(isWell));
        return isWell ? 0 : 2;
    }

    private void tryAll(Path folder) throws IOException, InterruptedException, URISyntaxException {
        Process first = run(folder, false, "sh", "-c", SERVER);
        Path lockFile = folder.resolve("selftest.lock");
        results.put("a first start takes the lock", says(first, UP) && Files.exists(lockFile));
        Process second = run(folder, false, "echo", UP);
        results.put(
                "a second start is refused with code 75",
                code(second) == ExitCode.CONFLICT.number() && !says(second, UP) && first.isAlive());
        Process third = run(folder, true, "sh", "-c", SERVER);
        results.put("FORCE_TERMINATE=true takes over", says(third, UP) && code(first) >= 0);
        Process stop = holdfast(folder, false, "stop", "--lock-dir", folder.toString(), "selftest");
        results.put("holdfast stop ends it", code(stop) == 0 && code(third) >= 0);
        results.put(
                "nothing is left behind",
                !Files.exists(lockFile) && names(folder).stream().noneMatch(name -> name.contains("selftest")));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName())).toList();
        }
    }

    private Process run(Path folder, boolean isForced, String... command) throws IOException, URISyntaxException {
        List<String> words =
                new ArrayList<>(List.of("run", "--lock-dir", folder.toString(), "--name", "selftest", "--"));
        words.addAll(List.of(command));
        return holdfast(folder, isForced, words.toArray(String[]::new));
    }

    private Process holdfast(Path folder, boolean isForced, String... words) throws IOException, URISyntaxException {
        Path jar = Path.of(SelfTest.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Path application = jar.resolve("../../..").normalize();
        List<String> command =
                new ArrayList<>(List.of(application.resolve("bin/holdfast").toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("HOLDFAST_") && !name.equals("HOLDFAST_NO_ARCHIVE"));
        builder.environment().put("HOLDFAST_HOME", folder.resolve("home").toString());
        builder.environment().put("FORCE_TERMINATE", String.valueOf(isForced));
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        Process process = builder.start();
        started.add(process);
        return process;
    }

    /** Waits for its first line, or its end. */
    private static boolean says(Process process, String line) throws IOException {
        boolean[] isOver = {false};
        Thread limit = new Thread(() -> {
            try {
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && !isOver[0]) {
                    process.destroy();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        limit.setDaemon(true);
        limit.start();
        String first =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
        isOver[0] = true;
        limit.interrupt();
        return line.equals(first);
    }

    /** -1 when it does not end. */
    private static int code(Process process) throws InterruptedException {
        return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) ? process.exitValue() : -1;
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    private String text(boolean isWell) {
        StringBuilder text = new StringBuilder();
        results.forEach((promise, holds) ->
                text.append(holds ? "  yes  " : "  no   ").append(promise).append('\n'));
        return text.append(isWell ? "all of it held" : "not all of it held").toString();
    }

    private String json(boolean isWell) {
        ObjectNode node = Json.object();
        node.put("passed", isWell);
        results.forEach((promise, holds) ->
                node.withArray("checks").addObject().put("check", promise).put("holds", holds));
        return Json.line(node);
    }
}
