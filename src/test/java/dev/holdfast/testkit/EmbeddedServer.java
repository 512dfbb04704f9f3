package dev.holdfast.testkit;

import dev.holdfast.ActivatedException;
import dev.holdfast.Activation;
import dev.holdfast.ActivationAnswer;
import dev.holdfast.AlreadyRunningException;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastBuilder;
import dev.holdfast.OnConflict;
import dev.holdfast.Scope;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * A server that guards itself with the library, in a JVM of its own. Uses nothing but the JDK and Holdfast. Its
 * arguments say how it acquires and what its stop hooks do; the lines of its input what it does then; when the input
 * ends it goes on.
 */
@SuppressWarnings("SystemOut")
public final class EmbeddedServer {
    /** Of no meaning to the library, and a quarter less work at the start of such a JVM. */
    private static final List<String> QUICK = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private EmbeddedServer() {}

    /** Java with the whole class path of the tests. */
    public static ProcessBuilder in(Path lockDir, String... arguments) {
        return in(Path.of(System.getProperty("java.home")), List.of(), lockDir, arguments);
    }

    public static ProcessBuilder in(Path java, List<String> jvmOptions, Path lockDir, String... arguments) {
        List<String> options = new ArrayList<>(QUICK);
        options.addAll(List.of("-cp", classPath()));
        options.addAll(jvmOptions);
        ProcessBuilder builder = new ProcessBuilder(command(java, options, lockDir, arguments));
        builder.environment().keySet().removeIf(name -> name.startsWith("HOLDFAST_") || name.equals("FORCE_TERMINATE"));
        builder.environment().put("HOLDFAST_HOME", Launcher.home(lockDir).toString());
        return builder;
    }

    /** Its command line for a plain Java, where the options name a class path or module path. */
    public static List<String> command(Path java, List<String> options, Path lockDir, String... arguments) {
        List<String> command = new ArrayList<>(List.of(java.resolve("bin/java").toString()));
        command.addAll(options);
        command.addAll(List.of(EmbeddedServer.class.getName(), "dir=" + lockDir));
        Collections.addAll(command, arguments);
        return command;
    }

    public static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    public static void main(String[] arguments) throws InterruptedException {
        try (Holdfast guard = builder(arguments).acquire()) {
            for (String argument : arguments) {
                if (argument.startsWith("activated=")) {
                    guard.onActivate(activation -> activated(activation, argument.substring("activated=".length())));
                }
            }
            say("ready " + ProcessHandle.current().pid() + " launcher="
                    + guard.launcher().orElse(0) + " held=" + guard.isHeld());
            serve(guard, arguments);
        } catch (ActivatedException e) {
            say("activated");
            System.exit(e.exitCode());
        } catch (AlreadyRunningException e) {
            say("refused pid=" + e.holder().pid() + " verified=" + e.holder().verified() + " transport="
                    + e.holder().transport() + " version=" + e.holder().version() + " since="
                    + e.holder().startTime().isPresent());
            System.err.println(e.getMessage());
            System.exit(75);
        }
        say("after");
    }

    private static HoldfastBuilder builder(String[] arguments) {
        HoldfastBuilder builder = Holdfast.named("orders");
        for (String argument : arguments) {
            String key = argument.replaceFirst("=.*", "");
            String value = argument.replaceFirst("[^=]*=?", "");
            if (key.equals("extras")) {
                break; // what follows is for the other instance
            }
            switch (key) {
                case "dir" -> builder.lockDir(Path.of(value));
                case "file" -> builder.lockFile(Path.of(value));
                case "data" -> builder.dataDir(Path.of(value));
                case "port" -> builder.port(Integer.parseInt(value));
                case "user" -> builder.scope(Scope.USER);
                case "version" -> builder.version(value);
                case "transport" -> builder.transport(value);
                case "grace" -> builder.grace(Duration.ofMillis(Long.parseLong(value)));
                case "recheck" -> builder.recheckEvery(Duration.ofMillis(Long.parseLong(value)));
                case "environment" -> builder.withEnvironment();
                case "takeover" -> builder.onConflict(OnConflict.TAKEOVER);
                case "fail" -> builder.onConflict(OnConflict.FAIL);
                case "wait" -> {
                    builder.onConflict(OnConflict.WAIT);
                    if (!value.isEmpty()) {
                        builder.waitTimeout(Duration.ofMillis(Long.parseLong(value)));
                    }
                }
                case "activate" ->
                    builder.onConflict(OnConflict.ACTIVATE)
                            .arguments(arguments)
                            .activateTimeout(Duration.ofMillis(Long.parseLong(value)));
                case "activated", "with" -> {}
                case "lost" -> builder.onLost(lost -> say("lost " + lost.state()));
                case "hook" -> builder.onStop(() -> hook(value));
                case "others-hook" ->
                    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                        say("other begins");
                        forMillis(Long.parseLong(value));
                        say("other done");
                    }));
                case "return" -> {}
                default -> throw new IllegalArgumentException(argument);
            }
        }
        return builder;
    }

    private static void hook(String what) throws IOException {
        say("hook " + what);
        String[] words = what.split(":", -1);
        switch (words[0]) {
            case "throw" -> throw new IOException("as told");
            case "error" -> throw new StackOverflowError("as told");
            case "hang" -> forMillis(Long.MAX_VALUE / 1_000_000);
            case "exit" -> System.exit(Integer.parseInt(words[1]));
            case "slow" -> forMillis(Long.parseLong(words[1]));
            default -> {}
        }
        say("done " + what);
    }

    /** What is done with a second launch: {@code file:NAME}, {@code code:N}, {@code throw}, {@code hang} or {@code big}. */
    private static ActivationAnswer activated(Activation activation, String what) throws IOException {
        String[] words = what.split(":", 2);
        switch (words[0]) {
            case "file" -> {
                try (OutputStream out = Files.newOutputStream(
                        Path.of(words[1]), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                    for (byte[] argument : activation.argumentBytes()) {
                        out.write(argument);
                        out.write(0);
                    }
                }
                return ActivationAnswer.DONE;
            }
            case "code" -> {
                return new ActivationAnswer(
                        Integer.parseInt(words[1]),
                        activation.arguments().size() + " "
                                + activation.folder().orElse(null) + " "
                                + activation.token().orElse("none") + "\n");
            }
            case "throw" -> throw new IOException("as told");
            case "hang" -> forMillis(Long.MAX_VALUE / 1_000_000);
            default -> {}
        }
        return new ActivationAnswer(0, "\u00e4".repeat(100_000) + "\n");
    }

    private static void serve(Holdfast guard, String[] arguments) throws InterruptedException {
        if (List.of(arguments).contains("return")) {
            return;
        }
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (true) {
            String line = read(commands);
            if (line == null) {
                new CountDownLatch(1).await();
            } else if (line.equals("held")) {
                say("held=" + guard.isHeld());
            } else if (line.equals("close")) {
                guard.close();
                guard.close();
                say("closed held=" + guard.isHeld());
            } else if (line.startsWith("activated ")) {
                guard.onActivate(activation -> activated(activation, line.substring("activated ".length())));
                say("takes launches");
            } else if (line.equals("return")) {
                return;
            } else if (line.startsWith("exit ")) {
                System.exit(Integer.parseInt(line.substring(5)));
            } else if (line.startsWith("halt ")) {
                Runtime.getRuntime().halt(Integer.parseInt(line.substring(5)));
            }
        }
    }

    private static String read(BufferedReader commands) {
        try {
            return commands.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void forMillis(long millis) {
        try {
            var unused = new CountDownLatch(1).await(millis, java.util.concurrent.TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            say("interrupted");
        }
    }

    private static void say(String text) {
        System.out.println(text);
        System.out.flush();
    }
}
